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
import io.vitrine.image.ImportOrder;
import io.vitrine.image.Permit;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import java.util.List;
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

  /** Queues an import of the image and answers the task's id; empty if there is nothing to do. */
  public Future<Optional<UUID>> submit(
      ImageId id, Caller caller, Permit permit, ImportOrder order, String requestId) {
    return Transactions.in(
        pool,
        connection ->
            ImageCatalog.lockForChange(connection, id, caller, image -> image)
                .map(image -> requireReady(image, order.method()))
                .map(permit::require)
                .compose(image -> TaskQueue.requireIdle(connection, image))
                .compose(image -> queue(connection, image, caller, order, requestId)));
  }

  private static Image requireReady(Image image, ImportMethod method) {
    var wanted =
        switch (method) {
          case ImportMethod.GlanceDirect direct -> ImageStatus.UPLOADING;
          case ImportMethod.WebDownload web -> ImageStatus.QUEUED;
          case ImportMethod.CopyImage copy -> ImageStatus.ACTIVE;
          case ImportMethod.AtLocation location -> ImageStatus.QUEUED;
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

  private static Future<Optional<UUID>> queue(
      SqlConnection connection, Image image, Caller caller, ImportOrder order, String requestId) {
    var stores = order.destination().storesFor(image);
    if (stores.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    var task =
        new NewTask(
            UUID.randomUUID(),
            image.id(),
            "api_image_import",
            requestId,
            input(image.id(), order, stores));
    return checkpoint(connection, image, order.method())
        .compose(staged -> task.insert(connection, caller, staged))
        .compose(queued -> mark(connection, image, task.id(), stores))
        .map(marked -> Optional.of(task.id()));
  }

  /** An image that has its data stays active while more of its copies are made. */
  private static Future<Void> mark(
      SqlConnection connection, Image image, UUID task, List<String> stores) {
    return connection
        .preparedQuery(
            """
            update images set status = case status when 'active' then 'active' else 'importing' end,
              updated_at = now(),
              properties = properties || jsonb_build_object('os_glance_import_task', $2::text,
                'os_glance_importing_to_stores', $3::text, 'os_glance_failed_import', '')
            where id = $1
            """)
        .execute(Tuple.of(image.id().value(), task.toString(), String.join(",", stores)))
        .mapEmpty();
  }

  private static Future<JsonObject> checkpoint(
      SqlConnection connection, Image image, ImportMethod method) {
    return switch (method) {
      case ImportMethod.WebDownload web -> Future.succeededFuture(new JsonObject());
      case ImportMethod.CopyImage copy -> Future.succeededFuture(new JsonObject());
      case ImportMethod.AtLocation location -> Future.succeededFuture(new JsonObject());
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

  private static JsonObject input(ImageId image, ImportOrder order, List<String> stores) {
    var described = new JsonObject().put("name", order.method().text());
    uri(order.method()).ifPresent(uri -> described.put("uri", uri));
    var request = new JsonObject().put("method", described);
    if (!order.allMustSucceed()) {
      request.put("all_stores_must_succeed", false);
    }
    return new JsonObject()
        .put("image_id", image.toString())
        .put("import_req", request)
        .put("backend", new JsonArray(stores));
  }

  private static Optional<String> uri(ImportMethod method) {
    return switch (method) {
      case ImportMethod.GlanceDirect direct -> Optional.empty();
      case ImportMethod.CopyImage copy -> Optional.empty();
      case ImportMethod.AtLocation(var url, var claim) -> Optional.of(url.toString());
      case ImportMethod.WebDownload(var uri) -> Optional.of(uri.toString());
    };
  }
}
