package io.vitrine.catalog.tasks;

import static io.vitrine.image.problem.ProblemException.conflict;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.access.quota.Resource;
import io.vitrine.catalog.audit.AuditAction;
import io.vitrine.catalog.audit.AuditEntry;
import io.vitrine.catalog.audit.AuditOutcome;
import io.vitrine.catalog.audit.AuditTrail;
import io.vitrine.catalog.events.NotifiedPool;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.images.Allowance;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.Quotas;
import io.vitrine.catalog.sql.IdempotencyKey;
import io.vitrine.catalog.sql.IdempotencyKeys;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportPlan;
import io.vitrine.image.task.ImportRequest;
import io.vitrine.notification.ImageEvent;
import io.vitrine.notification.TaskEvent;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Accepts import requests: the image's status and the new task change together. */
public final class ImportRequests {
  private static final String TASK = "task";

  private final Pool pool;
  private final Quotas quotas;
  private final IdempotencyKeys keys;
  private final TokenCipher cipher;
  private final Outbox outbox;

  /** Requests without notifications. */
  public ImportRequests(Pool pool, Quotas quotas, IdempotencyKeys keys, TokenCipher cipher) {
    this(NotifiedPool.silent(pool), quotas, keys, cipher);
  }

  /** Requests that are idempotent by key and keep users' tokens sealed. */
  public ImportRequests(
      NotifiedPool database, Quotas quotas, IdempotencyKeys keys, TokenCipher cipher) {
    this.pool = database.pool();
    this.quotas = quotas;
    this.keys = keys;
    this.cipher = cipher;
    this.outbox = database.outbox();
  }

  /**
   * Who requested an import, and how.
   *
   * @param key the idempotency key, if the client sent one
   */
  public record Submission(Caller caller, TaskOrigin origin, Optional<IdempotencyKey> key) {}

  /** Queues an import and returns the task's id; empty if there is nothing to do. */
  public Future<Optional<UUID>> submit(ImageId id, ImportRequest request, Submission submission) {
    var caller = submission.caller();
    return quotas
        .of(id)
        .compose(
            allowance ->
                Transactions.in(
                    pool,
                    connection ->
                        keys.once(
                            connection,
                            submission.key(),
                            () ->
                                lock(connection, allowance, id, caller)
                                    .map(image -> requireReady(image, request.methodName()))
                                    .map(request::permit)
                                    .compose(image -> ImageCatalog.requireIdle(connection, image))
                                    .compose(
                                        image ->
                                            queue(
                                                    connection,
                                                    image,
                                                    request.plan(image),
                                                    submission)
                                                .compose(
                                                    task ->
                                                        requireRoom(connection, allowance, image)
                                                            .map(task)))
                                    .map(ImportRequests::toAnswer),
                            // There is no notification for an image that is gone.
                            before -> ImageCatalog.find(connection, id, caller, "").map(before))))
        .map(answer -> Optional.ofNullable(answer.getString(TASK)).map(UUID::fromString));
  }

  /** Locks the image. An exceeded quota is reported before any fault of the image. */
  private static Future<Image> lock(
      SqlConnection connection, Allowance allowance, ImageId id, Caller caller) {
    return allowance
        .requireAsItIs(connection, Resource.IMAGE_SIZE_TOTAL)
        .compose(fits -> ImageCatalog.lockForChange(connection, id, caller, image -> image));
  }

  /** With staged data, whose size is known, this reserves room for the image's data. */
  private static Future<Long> requireRoom(
      SqlConnection connection, Allowance allowance, Image image) {
    long staged =
        image.status() == ImageStatus.UPLOADING && image.size() != null ? image.size() : 0;
    return allowance
        .require(connection, Resource.IMAGE_SIZE_TOTAL, staged)
        .compose(left -> allowance.require(connection, Resource.IMAGE_COUNT_UPLOADING, 0));
  }

  private static JsonObject toAnswer(Optional<UUID> task) {
    var answer = new JsonObject();
    task.ifPresent(id -> answer.put(TASK, id.toString()));
    return answer;
  }

  private static Image requireReady(Image image, String method) {
    var wanted = ImportMethod.startsFrom(method);
    if (image.status() != wanted) {
      throw conflict(
          "Image needs to be in '%s' state to use the %s method, and is in '%s' state."
              .formatted(wanted.text(), method, image.status().text()));
    }
    if (!image.hasFormats()) {
      throw conflict(
          "Properties disk_format, container_format must be set prior to importing data.");
    }
    return image;
  }

  private Future<Optional<UUID>> queue(
      SqlConnection connection, Image image, ImportPlan plan, Submission submission) {
    if (plan.stores().isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    var task =
        new NewTask(
            UUID.randomUUID(),
            image.id(),
            "api_image_import",
            submission.origin(),
            input(image.id(), plan));
    return checkpoint(connection, image, plan.method())
        .compose(staged -> task.insert(connection, submission.caller(), staged))
        .compose(queued -> grant(connection, task.id(), plan.method()))
        .compose(granted -> mark(connection, image, task.id(), plan.stores()))
        .compose(
            marked ->
                AuditTrail.record(
                    connection,
                    AuditEntry.of(image.id(), AuditAction.IMPORT, AuditOutcome.BEGUN)
                        .with("method", plan.method().text())
                        .with("stores", plan.stores())
                        .with("task", task.id().toString())))
        .compose(noted -> outbox.task(connection, task.id(), TaskEvent.CREATE))
        .compose(told -> outbox.image(connection, image.id(), ImageEvent.UPDATE))
        .map(told -> Optional.of(task.id()));
  }

  /** Gives the task the sealed access to another region. */
  private Future<Void> grant(SqlConnection connection, UUID task, ImportMethod method) {
    return method instanceof ImportMethod.GlanceDownload region && region.access().isPresent()
        ? connection
            .preparedQuery("update tasks set access = $2 where id = $1")
            .execute(Tuple.of(task, cipher.encrypt(task, region.access().get())))
            .mapEmpty()
        : Future.succeededFuture();
  }

  /** Sets the status; an image with data stays active while it is copied to further stores. */
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
      case ImportMethod.GlanceDownload region -> Future.succeededFuture(new JsonObject());
      case ImportMethod.CopyImage copy -> Future.succeededFuture(new JsonObject());
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
                              () -> conflict("The staged data of the image is not complete yet.")));
    };
  }

  private static JsonObject input(ImageId image, ImportPlan plan) {
    var request = new JsonObject().put("method", describe(plan.method()));
    if (!plan.allMustSucceed()) {
      request.put("all_stores_must_succeed", false);
    }
    return new JsonObject()
        .put("image_id", image.toString())
        .put("import_req", request)
        .put("backend", new JsonArray(plan.stores()));
  }

  /** The method as users see it, without secrets. */
  private static JsonObject describe(ImportMethod method) {
    var described = new JsonObject().put("name", method.text());
    return switch (method) {
      case ImportMethod.GlanceDirect(var digest) -> describe(described, digest);
      case ImportMethod.CopyImage copy -> described;
      case ImportMethod.WebDownload(var uri, var digest) ->
          describe(described.put("uri", uri.toString()), digest);
      case ImportMethod.GlanceDownload region ->
          described
              .put("glance_region", region.region())
              .put("glance_image_id", region.image().toString())
              .put("glance_service_interface", region.serviceInterface());
    };
  }

  private static JsonObject describe(JsonObject method, Optional<HashClaim> digest) {
    digest.ifPresent(claim -> method.put("digest", claim.algorithm().text() + ":" + claim.value()));
    return method;
  }
}
