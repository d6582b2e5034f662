package io.vitrine.catalog.sql;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.Member;
import io.vitrine.image.MemberStatus;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.location.Verdict;
import io.vitrine.image.task.TaskView;
import io.vitrine.net.address.Url;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Maps rows to domain values. */
public final class Rows {
  /** The key in a task's input of the client's own input, where the worker's differs. */
  public static final String GIVEN = "given";

  private Rows() {}

  /** Reads the columns of {@link Columns#IMAGE}, which must be the first ones. */
  public static Image toImage(Row row) {
    return ImageRow.toImage(row);
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

  private static JsonObject given(JsonObject input) {
    return input.getJsonObject(GIVEN, input);
  }
}
