package io.vitrine.catalog.tasks;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.access.quota.Resource;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.Image;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.SourceImage;
import io.vitrine.notification.ImageEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Checkpoints in the database. Task, image and blobs change in one transaction; the image
 * properties that users see are part of the checkpoint.
 */
public final class PgImportCheckpoints implements ImportCheckpoints {
  private static final String PLUGINS = "plugins";
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

  private final Pool pool;
  private final TaskQueue queue;
  private final BlobJournal journal;
  private final TaskChanges changes;

  /** Checkpoints of a queue's tasks, whose blobs are in the journal. */
  public PgImportCheckpoints(Pool pool, TaskQueue queue, BlobJournal journal, Outbox outbox) {
    this.pool = pool;
    this.queue = queue;
    this.journal = journal;
    this.changes = new TaskChanges(queue, outbox);
  }

  /** The stores that the image is still to be imported to. */
  static List<String> waiting(Image image) {
    var waiting = Objects.requireNonNullElse(image.properties().get(WAITING), "");
    return Arrays.stream(waiting.split(",", -1)).filter(store -> !store.isEmpty()).toList();
  }

  /** The names of the plugins that have processed the staged data. */
  static Set<String> plugins(JsonObject checkpoint) {
    return checkpoint.getJsonArray(PLUGINS, new JsonArray()).stream()
        .map(String.class::cast)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public Future<Void> staged(ImportTask task, StoredBlob staged, Optional<SourceImage> source) {
    var checkpoint = new JsonObject().put("staged", staged.blob().id().toString());
    source.ifPresent(image -> checkpoint.put("source", Sources.toJson(image)));
    return stage(
        task,
        staged,
        connection ->
            changes
                .keep(connection, task, checkpoint)
                .compose(kept -> queue.update(connection, "access = null", task)));
  }

  /** Records staged data with a change that belongs to it, within the project's allowance. */
  private Future<Void> stage(
      ImportTask task, StoredBlob staged, Function<SqlConnection, Future<Void>> change) {
    long sizeBytes = staged.sizeBytes();
    return journal
        .allowance(task.image())
        .compose(
            allowance ->
                journal.storing(
                    staged.blob(),
                    connection ->
                        journal
                            .store(connection, staged.blob(), sizeBytes, staged.sha512())
                            .compose(stored -> change.apply(connection))
                            .compose(
                                changed ->
                                    allowance.require(
                                        connection, Resource.IMAGE_STAGE_TOTAL, sizeBytes))
                            .compose(
                                left ->
                                    allowance.require(
                                        connection, Resource.IMAGE_SIZE_TOTAL, sizeBytes))
                            .mapEmpty()));
  }

  @Override
  public Future<Void> stored(ImportTask task, ImportOutcome outcome) {
    var content =
        new JsonObject()
            .put("disk_format", outcome.diskFormat())
            .put("container_format", outcome.containerFormat())
            .put("properties", Rows.toJson(outcome.properties()));
    return journal.storing(
        outcome.blob(),
        connection ->
            journal
                .store(connection, outcome.blob(), outcome.size(), outcome.digests())
                .compose(stored -> changes.keep(connection, task, content))
                .compose(kept -> describe(connection, outcome))
                .compose(described -> changes.tell(connection, task, ImageEvent.UPLOAD))
                .compose(
                    told ->
                        task.allMustSucceed()
                            ? Future.succeededFuture()
                            : changes.activate(connection, task))
                .compose(done -> changes.tell(connection, task, ImageEvent.UPDATE)));
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

  @Override
  public Future<Void> failed(ImportTask task, String store) {
    return Transactions.in(
        pool,
        connection ->
            changes
                .change(connection, task, FAILED_SQL, store)
                .compose(failed -> changes.tell(connection, task, ImageEvent.UPDATE)));
  }

  @Override
  public Future<Void> replaced(ImportTask task, String plugin, StoredBlob output) {
    var blob = output.blob();
    return stage(
        task,
        output,
        connection ->
            discardOthers(connection, blob)
                .compose(discarded -> keepPlugin(connection, task, plugin, blob)));
  }

  private static Future<Void> discardOthers(SqlConnection connection, BlobRef blob) {
    return connection
        .preparedQuery(
            "update blobs set state = 'deleting' where image_id = $1 and purpose = 'staging' and"
                + " state = 'stored' and id <> $2")
        .execute(Tuple.of(blob.image().value(), blob.id()))
        .mapEmpty();
  }

  private Future<Void> keepPlugin(
      SqlConnection connection, ImportTask task, String plugin, BlobRef blob) {
    var done = new JsonArray();
    task.plugins().stream().sorted().forEach(done::add);
    var checkpoint =
        new JsonObject().put("staged", blob.id().toString()).put(PLUGINS, done.add(plugin));
    return queue.update(
        connection,
        "checkpoint = checkpoint || $4::jsonb, " + TaskQueue.WELL_SQL,
        task,
        checkpoint);
  }
}
