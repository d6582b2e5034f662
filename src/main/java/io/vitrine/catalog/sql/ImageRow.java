package io.vitrine.catalog.sql;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vitrine.image.Digests;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Visibility;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Maps a row that begins with {@link Columns#IMAGE}. It reads by position, because a row that is
 * asked for a name compares it with all others: a third of what mapping a page costs.
 */
final class ImageRow {
  private static final int ID = at("id");
  private static final int NAME = at("name");
  private static final int STATUS = at("status");
  private static final int VISIBILITY = at("visibility");
  private static final int PROTECTED = at("protected");
  private static final int HIDDEN = at("hidden");
  private static final int OWNER = at("owner");
  private static final int DISK_FORMAT = at("disk_format");
  private static final int CONTAINER_FORMAT = at("container_format");
  private static final int MIN_DISK = at("min_disk");
  private static final int MIN_RAM = at("min_ram");
  private static final int SIZE = at("size");
  private static final int VIRTUAL_SIZE = at("virtual_size");
  private static final int CHECKSUM = at("checksum");
  private static final int HASH_ALGO = at("hash_algo");
  private static final int HASH_VALUE = at("hash_value");
  private static final int SHA256 = at("sha256");
  private static final int TAGS = at("tags");
  private static final int PROPERTIES = at("properties");
  private static final int STORES = at("stores");
  private static final int CREATED_AT = at("created_at");
  private static final int UPDATED_AT = at("updated_at");

  private ImageRow() {}

  private static int at(String column) {
    return List.of(Columns.IMAGE.split(", ", -1)).indexOf("images." + column);
  }

  static Image toImage(Row row) {
    return new Image(
        new ImageId(row.getUUID(ID)),
        new Image.State(
            ImageStatus.of(row.getString(STATUS)),
            new Image.Ownership(
                row.getString(OWNER),
                Visibility.of(row.getString(VISIBILITY)).orElseThrow(),
                row.getBoolean(PROTECTED),
                row.getBoolean(HIDDEN)),
            row.getOffsetDateTime(CREATED_AT).toInstant(),
            row.getOffsetDateTime(UPDATED_AT).toInstant()),
        new Image.Metadata(
            row.getString(NAME),
            new Image.Requirements(
                row.getString(DISK_FORMAT),
                row.getString(CONTAINER_FORMAT),
                row.getLong(MIN_DISK),
                row.getLong(MIN_RAM)),
            toSet(row.getArrayOfStrings(TAGS)),
            toMap(row.getJsonObject(PROPERTIES))),
        new Image.Content(
            row.getLong(SIZE),
            row.getLong(VIRTUAL_SIZE),
            new Image.Hash(row.getString(HASH_ALGO), toDigests(row)),
            List.of(row.getArrayOfStrings(STORES))));
  }

  private static @Nullable Digests toDigests(Row row) {
    var value = row.getString(HASH_VALUE);
    return value == null
        ? null
        : new Digests(
            row.getString(CHECKSUM), row.getString(HASH_ALGO), value, row.getString(SHA256));
  }

  private static SortedSet<String> toSet(String[] items) {
    return new TreeSet<>(Arrays.asList(items));
  }

  private static Map<String, @Nullable String> toMap(JsonObject json) {
    var map = new TreeMap<String, @Nullable String>();
    json.getMap().forEach((name, value) -> map.put(name, Objects.toString(value, null)));
    return map;
  }
}
