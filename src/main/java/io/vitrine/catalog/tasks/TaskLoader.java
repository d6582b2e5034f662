package io.vitrine.catalog.tasks;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.LeasedTask;
import io.vitrine.image.task.LocationTask;
import io.vitrine.image.task.RegionAccess;
import io.vitrine.image.task.TaskHead;
import io.vitrine.image.task.TaskLease;
import io.vitrine.net.address.Url;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/** Loads leased tasks from their rows. */
final class TaskLoader {
  private final TokenCipher cipher;

  /** Loads tasks whose tokens this cipher decrypts. */
  TaskLoader(TokenCipher cipher) {
    this.cipher = cipher;
  }

  /** Loads a task with its image and blobs. */
  Future<LeasedTask> load(SqlConnection connection, Row task) {
    var staged = task.getJsonObject("checkpoint").getString("staged");
    var image = new ImageId(task.getUUID("image_id"));
    return connection
        .preparedQuery("select " + Columns.BLOB + " from blobs where id = $1 and state = 'stored'")
        .execute(Tuple.of(staged == null ? null : UUID.fromString(staged)))
        .map(
            blobs ->
                StreamSupport.stream(blobs.spliterator(), false).map(Rows::toStored).findFirst())
        .compose(
            blob ->
                ImageLocations.blobs(connection, image)
                    .compose(
                        copies ->
                            connection
                                .preparedQuery(
                                    "select " + Columns.IMAGE + " from images where id = $1")
                                .execute(Tuple.of(image.value()))
                                .map(images -> Rows.toImage(images.iterator().next()))
                                .map(found -> toTask(task, found, blob, copies))));
  }

  private LeasedTask toTask(
      Row task, Image image, Optional<StoredBlob> staged, List<BlobRef> copies) {
    var input = task.getJsonObject("input");
    var head = toHead(task, image);
    if (task.getString("type").equals(LocationTask.TYPE)) {
      return LocationRequests.toTask(head, input, copies);
    }
    var checkpoint = task.getJsonObject("checkpoint");
    return new ImportTask(
        head,
        toMethod(input, () -> cipher.decrypt(head.id(), task.getJsonObject("access"))),
        input.getJsonArray("backend").stream().map(String.class::cast).toList(),
        PgImportCheckpoints.waiting(image),
        input.getJsonObject("import_req").getBoolean("all_stores_must_succeed", true),
        staged,
        Sources.toSource(checkpoint.getJsonObject("source")),
        copies,
        Set.of(task.getArrayOfStrings("roles")),
        PgImportCheckpoints.plugins(checkpoint));
  }

  private static TaskHead toHead(Row task, Image image) {
    return new TaskHead(
        task.getUUID("id"),
        image,
        Objects.requireNonNullElse(task.getString("owner"), ""),
        task.getInteger("attempts"),
        new TaskLease(
            task.getLong("leases"),
            task.getInteger("crashes"),
            task.getBoolean("suspect"),
            Duration.ofSeconds(task.getLong("setback_seconds")),
            Duration.ofSeconds(task.getLong("away_seconds"))),
        Optional.ofNullable(task.getString("traceparent")));
  }

  private static ImportMethod toMethod(JsonObject input, Supplier<Optional<RegionAccess>> access) {
    var method = input.getJsonObject("import_req").getJsonObject("method");
    return switch (method.getString("name")) {
      case ImportMethod.GlanceDirect.NAME -> new ImportMethod.GlanceDirect(digest(method));
      case ImportMethod.CopyImage.NAME -> new ImportMethod.CopyImage();
      case ImportMethod.WebDownload.NAME ->
          new ImportMethod.WebDownload(Url.parse(method.getString("uri")), digest(method));
      case ImportMethod.GlanceDownload.NAME ->
          new ImportMethod.GlanceDownload(
              method.getString("glance_region"),
              UUID.fromString(method.getString("glance_image_id")),
              method.getString("glance_service_interface"),
              access.get());
      default -> throw new IllegalStateException("unknown import method in the catalog");
    };
  }

  private static Optional<HashClaim> digest(JsonObject method) {
    return Optional.ofNullable(method.getString("digest"))
        .map(text -> text.split(":", 2))
        .map(parts -> HashClaim.of(parts[0], parts[1]));
  }
}
