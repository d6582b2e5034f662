package io.vitrine.catalog;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.ImportMethod;
import io.vitrine.image.Permit;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * Takes requests for imports: the image's status and the task that answers for it change together.
 */
public final class ImportRequests {
  private final Pool pool;

  /** Requests kept in a database. */
  public ImportRequests(Pool pool) {
    this.pool = pool;
  }

  /** Queues an import of the image and answers the task's id. */
  public Future<UUID> submit(
      ImageId id,
      Caller caller,
      Permit permit,
      ImportMethod method,
      String store,
      String requestId) {
    return Transactions.in(
        pool,
        connection ->
            ImageCatalog.lockForChange(connection, id, caller, permit)
                .map(image -> requireReady(image, method))
                .compose(image -> checkpoint(connection, image, method))
                .compose(
                    staged -> queue(connection, id, caller, method, store, requestId, staged)));
  }

  private static Image requireReady(Image image, ImportMethod method) {
    var wanted =
        switch (method) {
          case ImportMethod.GlanceDirect direct -> ImageStatus.UPLOADING;
          case ImportMethod.WebDownload web -> ImageStatus.QUEUED;
        };
    if (image.status() != wanted) {
      throw new ProblemException(
          new Problem.Conflict(
              "Image needs to be in '%s' state to use the %s method, and is in '%s' state."
                  .formatted(wanted.text(), method.text(), image.status().text())));
    }
    if (!image.hasFormats()) {
      throw new ProblemException(
          new Problem.Conflict(
              "Properties disk_format, container_format must be set prior to importing data."));
    }
    return image;
  }

  private static Future<JsonObject> checkpoint(
      SqlConnection connection, Image image, ImportMethod method) {
    return switch (method) {
      case ImportMethod.WebDownload web -> Future.succeededFuture(new JsonObject());
      case ImportMethod.GlanceDirect direct ->
          connection
              .preparedQuery(
                  "select id from blobs where image_id = $1 and purpose = 'staging' and state ="
                      + " 'stored'")
              .execute(Tuple.of(image.id().value()))
              .map(
                  rows ->
                      StreamSupport.stream(rows.spliterator(), false)
                          .map(row -> new JsonObject().put("staged", row.getUUID("id").toString()))
                          .findFirst()
                          .orElseThrow(
                              () ->
                                  new ProblemException(
                                      new Problem.Conflict(
                                          "The staged data of the image is not complete yet."))));
    };
  }

  private static Future<UUID> queue(
      SqlConnection connection,
      ImageId image,
      Caller caller,
      ImportMethod method,
      String store,
      String requestId,
      JsonObject checkpoint) {
    var task = UUID.randomUUID();
    return connection
        .preparedQuery(
            """
            insert into tasks (id, image_id, type, status, owner, user_id, request_id, input, checkpoint)
            values ($1, $2, 'api_image_import', 'pending', $3, $4, $5, $6, $7)
            """)
        .execute(
            Tuple.of(
                task,
                image.value(),
                caller.project(),
                caller.user(),
                requestId,
                input(image, method, store),
                checkpoint))
        .compose(
            queued ->
                connection
                    .preparedQuery(
                        """
                        update images set status = 'importing', updated_at = now(),
                          properties = properties || jsonb_build_object('os_glance_import_task', $2::text,
                            'os_glance_importing_to_stores', $3::text, 'os_glance_failed_import', '')
                        where id = $1
                        """)
                    .execute(Tuple.of(image.value(), task.toString(), store)))
        .map(task);
  }

  private static JsonObject input(ImageId image, ImportMethod method, String store) {
    var described = new JsonObject().put("name", method.text());
    uri(method).ifPresent(uri -> described.put("uri", uri));
    return new JsonObject()
        .put("image_id", image.toString())
        .put("import_req", new JsonObject().put("method", described))
        .put("backend", new JsonArray().add(store));
  }

  private static Optional<String> uri(ImportMethod method) {
    return switch (method) {
      case ImportMethod.GlanceDirect direct -> Optional.empty();
      case ImportMethod.WebDownload(var uri) -> Optional.of(uri.toString());
    };
  }
}
