package io.vitrine.catalog.tasks;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.access.quota.Resource;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.task.ImportTask;
import java.util.Set;
import java.util.stream.Collectors;

/** Records what import plugins have made of staged data. */
public final class PluginProgress {
  private static final String DONE = "plugins";

  private final TaskQueue queue;
  private final BlobJournal journal;

  /** Progress of a queue's tasks, whose blobs are in the journal. */
  public PluginProgress(TaskQueue queue, BlobJournal journal) {
    this.queue = queue;
    this.journal = journal;
  }

  /** The names of the plugins that have processed the staged data. */
  static Set<String> done(JsonObject checkpoint) {
    return checkpoint.getJsonArray(DONE, new JsonArray()).stream()
        .map(String.class::cast)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Checkpoint: the plugin's output is durable and replaces the staged data, which is given up. It
   * is within the staging limit and counts for the image's data.
   */
  public Future<Void> replaced(ImportTask task, String plugin, StoredBlob made) {
    var blob = made.blob();
    return journal
        .allowance(task.image())
        .compose(
            allowance ->
                journal.storing(
                    blob,
                    connection ->
                        journal
                            .store(connection, blob, made.sizeBytes(), made.sha512())
                            .compose(stored -> discardOthers(connection, blob))
                            .compose(discarded -> keep(connection, task, plugin, blob))
                            .compose(
                                kept ->
                                    allowance.require(
                                        connection, Resource.IMAGE_STAGE_TOTAL, made.sizeBytes()))
                            .compose(
                                left ->
                                    allowance.require(
                                        connection, Resource.IMAGE_SIZE_TOTAL, made.sizeBytes()))
                            .mapEmpty()));
  }

  private static Future<Void> discardOthers(SqlConnection connection, BlobRef blob) {
    return connection
        .preparedQuery(
            "update blobs set state = 'deleting' where image_id = $1 and purpose = 'staging' and"
                + " state = 'stored' and id <> $2")
        .execute(Tuple.of(blob.image().value(), blob.id()))
        .mapEmpty();
  }

  private Future<Void> keep(
      SqlConnection connection, ImportTask task, String plugin, BlobRef blob) {
    var done = new JsonArray();
    task.plugins().stream().sorted().forEach(done::add);
    var checkpoint =
        new JsonObject().put("staged", blob.id().toString()).put(DONE, done.add(plugin));
    return queue.update(
        connection,
        "checkpoint = checkpoint || $4::jsonb, " + TaskQueue.WELL_SQL,
        task,
        checkpoint);
  }
}
