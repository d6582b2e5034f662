package io.vitrine.catalog.tasks;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.access.quota.Resource;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.Digests;
import io.vitrine.image.Image;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.SourceImage;
import io.vitrine.notification.ImageEvent;
import io.vitrine.notification.TaskEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records the progress of imports. Task, image and blobs change in one transaction, so that another
 * worker can take over; the image properties that users see are the checkpoint itself.
 */
public final class ImportProgress {
  private static final String WAITING = "os_glance_importing_to_stores";

  /** Removes store $2 from the list of stores being imported to. */
  private static final String DONE_SQL =
      "jsonb_build_object('os_glance_importing_to_stores', array_to_string(array_remove("
          + "string_to_array(properties->>'os_glance_importing_to_stores', ','), $2::text), ','))";

  private static final String FAILED_SQL =
      """
      updated_at = now(), properties = properties || %s
        || jsonb_build_object('os_glance_failed_import',
             concat_ws(',', nullif(properties->>'os_glance_failed_import', ''), $2::text))
      """
          .formatted(DONE_SQL);

  private static final String ACTIVATE_SQL =
      """
      update images set status = 'active', updated_at = now(),
        disk_format = coalesce(tasks.checkpoint->>'disk_format', disk_format),
        container_format = coalesce(tasks.checkpoint->>'container_format', container_format),
        properties = properties || coalesce(tasks.checkpoint->'source'->'properties', '{}')
          || coalesce(tasks.checkpoint->'properties', '{}')
      from tasks where images.id = $1 and tasks.id = $2 and images.status = 'importing'
      """;

  private final Pool pool;
  private final TaskQueue queue;
  private final BlobJournal journal;
  private final Outbox outbox;

  /** Progress without notifications. */
  public ImportProgress(Pool pool, TaskQueue queue, BlobJournal journal) {
    this(pool, queue, journal, Outbox.OFF);
  }

  /** Progress of a queue's tasks, whose blobs are in the journal. */
  public ImportProgress(Pool pool, TaskQueue queue, BlobJournal journal, Outbox outbox) {
    this.pool = pool;
    this.queue = queue;
    this.journal = journal;
    this.outbox = outbox;
  }

  /** The stores that the image is still to be imported to. */
  static List<String> waiting(Image image) {
    var waiting = Objects.requireNonNullElse(image.properties().get(WAITING), "");
    return Arrays.stream(waiting.split(",", -1)).filter(store -> !store.isEmpty()).toList();
  }

  /**
   * Checkpoint: the data is staged and durable. It is within the staging limit and counts for the
   * image's data. The access data of its source is removed.
   *
   * @param source the image of another region that the data comes from
   */
  public Future<Void> staged(ImportTask task, StoredBlob staged, Optional<SourceImage> source) {
    var blob = staged.blob();
    var checkpoint = new JsonObject().put("staged", blob.id().toString());
    source.ifPresent(image -> checkpoint.put("source", Sources.toJson(image)));
    return journal
        .allowance(task.image())
        .compose(
            allowance ->
                journal.storing(
                    blob,
                    connection ->
                        journal
                            .store(connection, blob, staged.sizeBytes(), staged.sha512())
                            .compose(stored -> keep(connection, task, checkpoint))
                            .compose(kept -> queue.update(connection, "access = null", task))
                            .compose(
                                forgotten ->
                                    allowance.require(
                                        connection, Resource.IMAGE_STAGE_TOTAL, staged.sizeBytes()))
                            .compose(
                                left ->
                                    allowance.require(
                                        connection, Resource.IMAGE_SIZE_TOTAL, staged.sizeBytes()))
                            .mapEmpty()));
  }

  /**
   * Checkpoint: one store has the final data. If not all stores must succeed, the image becomes
   * active.
   */
  public Future<Void> stored(ImportTask task, ImportOutcome outcome) {
    var made =
        new JsonObject()
            .put("disk_format", outcome.diskFormat())
            .put("container_format", outcome.containerFormat())
            .put("properties", Rows.toJson(outcome.properties()));
    return journal.storing(
        outcome.blob(),
        connection ->
            journal
                .store(connection, outcome.blob(), outcome.size(), outcome.digests())
                .compose(stored -> keep(connection, task, made))
                .compose(kept -> describe(connection, outcome))
                .compose(described -> tell(connection, task, ImageEvent.UPLOAD))
                .compose(
                    told ->
                        task.allMustSucceed()
                            ? Future.succeededFuture()
                            : activate(connection, task))
                .compose(done -> tell(connection, task, ImageEvent.UPDATE)));
  }

  private Future<Void> tell(SqlConnection connection, ImportTask task, ImageEvent event) {
    return outbox.image(connection, task.image().id(), event);
  }

  private static Future<Void> lockImage(SqlConnection connection, ImportTask task) {
    return ImageCatalog.lock(connection, task.image().id());
  }

  private Future<Void> keep(SqlConnection connection, ImportTask task, JsonObject checkpoint) {
    // Keeps what a killed worker has recorded for the same task.
    return queue.update(
        connection,
        "checkpoint = $4::jsonb || checkpoint, " + TaskQueue.WELL_SQL,
        task,
        checkpoint);
  }

  /**
   * Sets the image's size, which may differ from that of the staged data; the rest is known from
   * the first store.
   */
  private static Future<Void> describe(SqlConnection connection, ImportOutcome outcome) {
    return connection
        .preparedQuery(
            """
            update images set size = $3, virtual_size = coalesce(virtual_size, $4),
              checksum = coalesce(checksum, $5), hash_algo = coalesce(hash_algo, $6),
              hash_value = coalesce(hash_value, $7), sha256 = coalesce(sha256, $8), stores = %s,
              properties = properties || %s, updated_at = now()
            where id = $1 and status in ('importing', 'active')
            """
                .formatted(ImageLocations.STORES_SQL, DONE_SQL))
        .execute(
            Tuple.tuple()
                .addValue(outcome.blob().image().value())
                .addValue(outcome.blob().store())
                .addValue(outcome.size())
                .addValue(outcome.virtualSize().orElse(null))
                .addValue(outcome.digests().md5())
                .addValue(outcome.digests().algorithm())
                .addValue(outcome.digests().value())
                .addValue(outcome.digests().sha256()))
        .compose(rows -> TaskQueue.requireLease(rows.rowCount()));
  }

  private Future<Void> activate(SqlConnection connection, ImportTask task) {
    return connection
        .preparedQuery(ACTIVATE_SQL)
        .execute(Tuple.of(task.image().id().value(), task.id()))
        .compose(
            rows ->
                rows.rowCount() == 0
                    ? Future.succeededFuture()
                    : tell(connection, task, ImageEvent.ACTIVATE));
  }

  /** Records the length of the data at the image's location; the image becomes usable. */
  public Future<Void> located(ImportTask task, long size, Optional<String> hashAlgorithm) {
    return Transactions.in(
        pool,
        connection ->
            change(
                    connection,
                    task,
                    "size = $2, hash_algo = coalesce($3, hash_algo)",
                    size,
                    hashAlgorithm.orElse(null))
                .compose(sized -> activate(connection, task))
                .compose(active -> tell(connection, task, ImageEvent.UPDATE)));
  }

  /** Records the digests of the data at the image's location. */
  public Future<Void> hashed(ImportTask task, Digests digests) {
    return Transactions.in(
        pool,
        connection ->
            change(
                    connection,
                    task,
                    "checksum = $2, hash_algo = $3, hash_value = $4, sha256 = $5, updated_at = now()",
                    digests.md5(),
                    digests.algorithm(),
                    digests.value(),
                    digests.sha256())
                .compose(hashed -> tell(connection, task, ImageEvent.UPDATE)));
  }

  /** Checkpoint: one store failed; the others continue. */
  public Future<Void> failed(ImportTask task, String store) {
    return Transactions.in(
        pool,
        connection ->
            change(connection, task, FAILED_SQL, store)
                .compose(failed -> tell(connection, task, ImageEvent.UPDATE)));
  }

  /** Changes the image, provided this process still holds the task. */
  private Future<Void> change(
      SqlConnection connection, ImportTask task, String changeSql, @Nullable Object... values) {
    var all = Tuple.of(task.image().id().value());
    Arrays.asList(values).forEach(all::addValue);
    return lockImage(connection, task)
        .compose(locked -> keep(connection, task, new JsonObject()))
        .compose(
            kept ->
                connection
                    .preparedQuery("update images set %s where id = $1".formatted(changeSql))
                    .execute(all))
        .mapEmpty();
  }

  /** Ends the import successfully: the image is active, the staged data is given up. */
  public Future<Void> succeed(ImportTask task, String message) {
    return Transactions.in(
        pool,
        connection ->
            lockImage(connection, task)
                .compose(locked -> activate(connection, task))
                .compose(active -> discardStaged(connection, task))
                .compose(discarded -> unmark(connection, task))
                .compose(
                    unmarked ->
                        queue.update(
                            connection,
                            "status = 'success', message = $4, result = $5, " + queue.endSql(),
                            task,
                            message,
                            new JsonObject().put("image_id", task.image().id().toString())))
                .compose(ended -> tell(connection, task, ImageEvent.UPDATE))
                .compose(told -> outbox.task(connection, task.id(), TaskEvent.SUCCESS)));
  }

  private static Future<Void> unmark(SqlConnection connection, ImportTask task) {
    return connection
        .preparedQuery(
            """
            update images set updated_at = now(), properties = (properties - 'os_glance_import_task')
              || '{"os_glance_importing_to_stores": ""}'
            where id = $1
            """)
        .execute(Tuple.of(task.image().id().value()))
        .mapEmpty();
  }

  /**
   * Ends the import as failed. The staged data is given up, and so is the stored data if all stores
   * had to succeed. An image without data becomes queued again. Unless certain stores are at fault,
   * all stores still pending are recorded as failed.
   */
  public Future<Void> fail(ImportTask task, String reason) {
    return Transactions.in(
        pool,
        connection ->
            lockImage(connection, task)
                .compose(
                    locked ->
                        queue.update(
                            connection,
                            "status = 'failure', message = $4, " + queue.endSql(),
                            task,
                            reason))
                .compose(failed -> discardStaged(connection, task))
                .compose(
                    discarded ->
                        task.allMustSucceed()
                            ? discardStored(connection, task)
                            : Future.succeededFuture())
                .compose(discarded -> queueAgain(connection, task))
                .compose(queued -> tell(connection, task, ImageEvent.UPDATE))
                .compose(told -> outbox.task(connection, task.id(), TaskEvent.FAILURE)));
  }

  /**
   * Sets the image to queued. As in Glance (bug 2076648), an image whose location was refused keeps
   * showing the location's store until it gets other data; Tempest tests this.
   */
  private static Future<Void> queueAgain(SqlConnection connection, ImportTask task) {
    boolean isAtLocation = task.method() instanceof ImportMethod.AtLocation;
    var stores = isAtLocation ? "stores" : ImageLocations.STORES_SQL;
    var failed = task.allMustSucceed() && !isAtLocation ? String.join(",", task.stores()) : null;
    return connection
        .preparedQuery(
            """
            update images set
              size = case status when 'importing' then null else size end,
              virtual_size = case status when 'importing' then null else virtual_size end,
              checksum = case status when 'importing' then null else checksum end,
              hash_algo = case when status = 'importing' or hash_value is null then null else hash_algo end,
              hash_value = case status when 'importing' then null else hash_value end,
              sha256 = case status when 'importing' then null else sha256 end,
              status = case status when 'importing' then 'queued' else status end,
              stores = %s,
              updated_at = now(),
              properties = (properties - 'os_glance_import_task')
                || jsonb_build_object('os_glance_importing_to_stores', '', 'os_glance_failed_import',
                     coalesce($2::text, nullif(properties->>'os_glance_failed_import', ''),
                       properties->>'os_glance_importing_to_stores', ''))
            where id = $1 and status in ('importing', 'active', 'deactivated')
            """
                .formatted(stores))
        .execute(Tuple.of(task.image().id().value(), failed))
        .mapEmpty();
  }

  /**
   * Discards the staged data and what was made of it; the task starts again. The attempt counts.
   */
  public Future<Void> startOver(ImportTask task, String message) {
    return Transactions.in(
        pool,
        connection ->
            lockImage(connection, task)
                .compose(locked -> discardStaged(connection, task))
                .compose(
                    discarded ->
                        queue.update(
                            connection,
                            TaskQueue.BACK_SQL + ", checkpoint = '{}', unreachable_since = null",
                            task,
                            message)));
  }

  private static Future<Void> discardStaged(SqlConnection connection, ImportTask task) {
    return connection
        .preparedQuery(
            "update blobs set state = 'deleting' where image_id = $1 and purpose = 'staging' and"
                + " state = 'stored'")
        .execute(Tuple.of(task.image().id().value()))
        .mapEmpty();
  }

  private static Future<Void> discardStored(SqlConnection connection, ImportTask task) {
    return connection
        .preparedQuery(
            "update blobs set state = 'deleting' where image_id = $1 and purpose = 'image' and"
                + " state = 'stored' and store = any($2) and (url is null or exists (select 1 from"
                + " images where id = $1 and status = 'importing'))")
        .execute(
            Tuple.tuple()
                .addUUID(task.image().id().value())
                .addArrayOfString(task.stores().toArray(String[]::new)))
        .mapEmpty();
  }
}
