package io.vitrine.catalog;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.image.BlobRef;
import io.vitrine.image.Caller;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImportMethod;
import io.vitrine.image.ImportTask;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import io.vitrine.image.TaskView;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * The import tasks of all workers. What a worker says of a task counts only while it holds the
 * task's lease.
 */
public final class TaskQueue {
  private final Pool pool;
  private final Leaseholder holder;
  private final BlobJournal journal;
  private final Duration keepFor;

  /**
   * A queue in a database, worked on under the leases of a holder.
   *
   * @param keepFor how long a finished task is shown
   */
  public TaskQueue(Pool pool, Leaseholder holder, BlobJournal journal, Duration keepFor) {
    this.pool = pool;
    this.holder = holder;
    this.journal = journal;
    this.keepFor = keepFor;
  }

  /** The tasks of an image that have not expired and the caller sees, oldest first. */
  public Future<List<TaskView>> ofImage(ImageId id, Caller caller) {
    return pool.preparedQuery(
            """
            select * from tasks
            where image_id = $1 and (expires_at is null or expires_at > now()) and ($2 or owner = $3)
            order by created_at
            """)
        .execute(Tuple.of(id.value(), caller.isAdmin(), caller.project()))
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(Rows::toTask).toList());
  }

  /** Forgets the tasks that have expired. */
  public Future<Void> forgetExpired() {
    return pool.preparedQuery("delete from tasks where expires_at < now()").execute().mapEmpty();
  }

  /** How many tasks wait, and the age of the oldest in seconds. */
  public Future<Backlog> backlog() {
    return pool.preparedQuery(
            """
            select count(*) as waiting, coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as age
            from tasks where status = 'pending'
            """)
        .execute()
        .map(rows -> rows.iterator().next())
        .map(row -> new Backlog(row.getLong("waiting"), row.getDouble("age")));
  }

  /** What waits in the queue. */
  public record Backlog(long waiting, double oldestSeconds) {}

  /** Leases the task that waits longest, or one whose worker was lost. */
  public Future<Optional<ImportTask>> lease() {
    return Transactions.in(pool, this::lease)
        .onSuccess(leased -> leased.ifPresent(task -> holder.hold(task.id())));
  }

  private Future<Optional<ImportTask>> lease(SqlConnection connection) {
    return connection
        .preparedQuery(
            """
            update tasks set status = 'processing', leased_by = $1, leased_until = %s, attempts = attempts + 1,
              updated_at = now()
            where id = (
              select id from tasks
              where status in ('pending', 'processing') and run_after <= now()
                and (leased_until is null or leased_until < now())
              order by created_at for update skip locked limit 1)
            returning *
            """
                .formatted(holder.untilSql()))
        .execute(Tuple.of(holder.id()))
        .compose(
            rows ->
                rows.size() == 0
                    ? Future.succeededFuture(Optional.empty())
                    : load(connection, rows.iterator().next()).map(Optional::of));
  }

  /** Lets the lease of a task run out, unless the task has been ended or released. */
  public void drop(ImportTask task) {
    holder.drop(task.id());
  }

  private static Future<ImportTask> load(SqlConnection connection, Row task) {
    var checkpoint = task.getJsonObject("checkpoint");
    var staged = checkpoint.getString("staged");
    return connection
        .preparedQuery("select * from images where id = $1")
        .execute(Tuple.of(task.getUUID("image_id")))
        .map(images -> Rows.toImage(images.iterator().next()))
        .compose(
            image ->
                connection
                    .preparedQuery("select * from blobs where id = $1 and state = 'stored'")
                    .execute(Tuple.of(staged == null ? null : UUID.fromString(staged)))
                    .map(
                        blobs ->
                            new ImportTask(
                                task.getUUID("id"),
                                image,
                                toMethod(task.getJsonObject("input")),
                                task.getJsonObject("input").getJsonArray("backend").getString(0),
                                StreamSupport.stream(blobs.spliterator(), false)
                                    .map(Rows::toBlob)
                                    .findFirst(),
                                task.getInteger("attempts"))));
  }

  private static ImportMethod toMethod(JsonObject input) {
    var method = input.getJsonObject("import_req").getJsonObject("method");
    return switch (method.getString("name")) {
      case ImportMethod.GlanceDirect.NAME -> new ImportMethod.GlanceDirect();
      case ImportMethod.WebDownload.NAME ->
          new ImportMethod.WebDownload(URI.create(method.getString("uri")));
      default -> throw new IllegalStateException("unknown import method in the catalog");
    };
  }

  /** Checkpoint: the data to import is staged, durably, in this blob. */
  public Future<Void> staged(ImportTask task, BlobRef blob, long size) {
    return Transactions.in(
        pool,
        connection ->
            journal
                .store(connection, blob, size)
                .compose(
                    stored ->
                        update(
                            connection,
                            "checkpoint = checkpoint || $3",
                            task,
                            new JsonObject().put("staged", blob.id().toString()))));
  }

  /** Tells how far the import is. */
  public Future<Void> progress(ImportTask task, String message) {
    return Transactions.in(pool, connection -> update(connection, "message = $3", task, message));
  }

  /** Ends the import well: the blob becomes the image's data, what was staged is given up. */
  public Future<Void> succeed(ImportTask task, ImportOutcome outcome) {
    var blob = outcome.blob();
    return Transactions.in(
        pool,
        connection ->
            journal
                .store(connection, blob, outcome.size())
                .compose(stored -> activate(connection, outcome))
                .compose(active -> discardStaged(connection, task))
                .compose(
                    discarded ->
                        update(
                            connection,
                            "status = 'success', message = $3, result = $4, " + endSql(),
                            task,
                            "Imported %d bytes.".formatted(outcome.size()),
                            new JsonObject()
                                .put("image_id", blob.image().toString())
                                .put("stores", List.of(blob.store()))
                                .put("size", outcome.size())
                                .put("disk_format", outcome.diskFormat()))));
  }

  private static Future<Void> activate(SqlConnection connection, ImportOutcome outcome) {
    return connection
        .preparedQuery(
            """
            update images set status = 'active', size = $2, virtual_size = $3, checksum = $4, hash_algo = $5,
              hash_value = $6, stores = array[$7::text], disk_format = $8, container_format = $9, updated_at = now(),
              properties = (properties - 'os_glance_import_task')
                || '{"os_glance_importing_to_stores": "", "os_glance_failed_import": ""}'
            where id = $1 and status = 'importing'
            """)
        .execute(
            Tuple.tuple()
                .addValue(outcome.blob().image().value())
                .addValue(outcome.size())
                .addValue(outcome.virtualSize().orElse(null))
                .addValue(outcome.digests().md5())
                .addValue(outcome.digests().algorithm())
                .addValue(outcome.digests().value())
                .addValue(outcome.blob().store())
                .addValue(outcome.diskFormat())
                .addValue(outcome.containerFormat()))
        .compose(rows -> requireLease(rows.rowCount()));
  }

  /** Ends the import badly: the image is queued again, what was staged is given up. */
  public Future<Void> fail(ImportTask task, String reason) {
    return Transactions.in(
        pool,
        connection ->
            update(connection, "status = 'failure', message = $3, " + endSql(), task, reason)
                .compose(failed -> discardStaged(connection, task))
                .compose(
                    discarded ->
                        connection
                            .preparedQuery(
                                """
                                update images set status = 'queued', size = null, virtual_size = null, updated_at = now(),
                                  properties = (properties - 'os_glance_import_task')
                                    || jsonb_build_object('os_glance_importing_to_stores', '',
                                         'os_glance_failed_import', $2::text)
                                where id = $1 and status = 'importing'
                                """)
                            .execute(Tuple.of(task.image().id().value(), task.store())))
                .mapEmpty());
  }

  /**
   * Hands the task back, to be tried again after a pause; {@code isBlameless} does not count the
   * attempt.
   */
  public Future<Void> release(
      ImportTask task, String message, Duration pause, boolean isBlameless) {
    return Transactions.in(
        pool,
        connection ->
            update(
                connection,
                """
                status = 'pending', message = $3, leased_by = null, leased_until = null,
                  attempts = attempts - $4, run_after = now() + interval '%d milliseconds'
                """
                    .formatted(pause.toMillis()),
                task,
                message,
                isBlameless ? 1 : 0));
  }

  private static Future<Void> discardStaged(SqlConnection connection, ImportTask task) {
    return connection
        .preparedQuery(
            "update blobs set state = 'deleting' where image_id = $1 and purpose = 'staging' and"
                + " state = 'stored'")
        .execute(Tuple.of(task.image().id().value()))
        .mapEmpty();
  }

  private String endSql() {
    return "leased_by = null, leased_until = null, expires_at = now() + interval '%d milliseconds'"
        .formatted(keepFor.toMillis());
  }

  private Future<Void> update(
      SqlConnection connection, String assignment, ImportTask task, Object... values) {
    var parameters = Tuple.of(task.id(), holder.id());
    for (var value : values) {
      parameters.addValue(value);
    }
    return connection
        .preparedQuery(
            "update tasks set %s, updated_at = now() where id = $1 and leased_by = $2 and status = 'processing'"
                .formatted(assignment))
        .execute(parameters)
        .compose(rows -> requireLease(rows.rowCount()));
  }

  private static Future<Void> requireLease(int rows) {
    return rows == 1
        ? Future.succeededFuture()
        : Future.failedFuture(
            new ProblemException(
                new Problem.Gone(
                    "The image was deleted, or another worker has taken the import over.")));
  }
}
