package io.vitrine.catalog.sql;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vitrine.image.Digests;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Member;
import io.vitrine.image.MemberStatus;
import io.vitrine.image.Visibility;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.location.Verdict;
import io.vitrine.image.task.TaskView;
import io.vitrine.net.address.Url;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Maps rows to domain values. */
public final class Rows {
  /** The key in a task's input of the client's own input, where the worker's differs. */
  public static final String GIVEN = "given";

  private Rows() {}

  /** Reads the columns of {@link Columns#IMAGE}. */
  public static Image toImage(Row row) {
    return new Image(
        new ImageId(row.getUUID("id")),
        new Image.State(
            ImageStatus.of(row.getString("status")),
            new Image.Ownership(
                row.getString("owner"),
                Visibility.of(row.getString("visibility")).orElseThrow(),
                row.getBoolean("protected"),
                row.getBoolean("hidden")),
            row.getOffsetDateTime("created_at").toInstant(),
            row.getOffsetDateTime("updated_at").toInstant()),
        new Image.Metadata(
            row.getString("name"),
            new Image.Requirements(
                row.getString("disk_format"),
                row.getString("container_format"),
                row.getLong("min_disk"),
                row.getLong("min_ram")),
            toSet(row.getArrayOfStrings("tags")),
            toMap(row.getJsonObject("properties"))),
        new Image.Content(
            row.getLong("size"),
            row.getLong("virtual_size"),
            new Image.Hash(row.getString("hash_algo"), toDigests(row)),
            List.of(row.getArrayOfStrings("stores"))));
  }

  /** Reads the columns of {@link Columns#MEMBER}. */
  public static Member toMember(Row row) {
    return new Member(
        new ImageId(row.getUUID("image_id")),
        row.getString("member"),
        MemberStatus.of(row.getString("status")).orElseThrow(),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("updated_at").toInstant());
  }

  /** Reads a blob from {@link Columns#BLOB}; one that shares no bytes is its own content. */
  public static BlobRef toBlob(Row row) {
    return new BlobRef(
        row.getUUID("id"),
        new ImageId(row.getUUID("image_id")),
        BlobRef.Purpose.of(row.getString("purpose")),
        new BlobRef.Place(row.getString("store"), row.getString("node")),
        Optional.ofNullable(row.getString("url")).map(Url::parse),
        Objects.requireNonNullElseGet(row.getUUID("content"), () -> row.getUUID("id")));
  }

  /** Reads a blob with its size and digest from {@link Columns#BLOB}. */
  public static StoredBlob toStored(Row row) {
    return new StoredBlob(
        toBlob(row),
        row.getLong("size"),
        Optional.ofNullable(row.getString("sha512")),
        toVerdict(row));
  }

  /** A blob without a verdict counts as good. */
  public static Verdict toVerdict(Row row) {
    return Optional.ofNullable(row.getString("verdict")).map(Verdict::of).orElse(Verdict.OK);
  }

  /** Reads the columns of {@link Columns#TASK}; the image is null for a task without one. */
  public static TaskView toTask(Row row) {
    var result = row.getJsonObject("result");
    var expires = row.getOffsetDateTime("expires_at");
    var image = row.getUUID("image_id");
    return new TaskView(
        row.getUUID("id"),
        image == null ? null : new ImageId(image),
        row.getString("type"),
        row.getString("status"),
        row.getString("owner"),
        row.getString("user_id"),
        row.getString("request_id"),
        given(row.getJsonObject("input")).getMap(),
        result == null ? null : result.getMap(),
        row.getString("message"),
        row.getJsonArray("progress").stream().toList(),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("updated_at").toInstant(),
        expires == null ? null : expires.toInstant());
  }

  /** A time as a parameter of a statement, in UTC. */
  public static OffsetDateTime toTime(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  /** The properties as a JSON object; null values stay. */
  public static JsonObject toJson(Map<String, ? extends @Nullable String> properties) {
    var json = new JsonObject();
    properties.forEach(json::put);
    return json;
  }

  private static @Nullable Digests toDigests(Row row) {
    var value = row.getString("hash_value");
    return value == null
        ? null
        : new Digests(
            row.getString("checksum"), row.getString("hash_algo"), value, row.getString("sha256"));
  }

  private static SortedSet<String> toSet(String[] items) {
    return new TreeSet<>(Arrays.asList(items));
  }

  private static Map<String, @Nullable String> toMap(JsonObject json) {
    var map = new TreeMap<String, @Nullable String>();
    json.forEach(entry -> map.put(entry.getKey(), Objects.toString(entry.getValue(), null)));
    return map;
  }

  private static JsonObject given(JsonObject input) {
    return input.getJsonObject(GIVEN, input);
  }
}
