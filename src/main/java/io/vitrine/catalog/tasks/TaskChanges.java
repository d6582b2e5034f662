package io.vitrine.catalog.tasks;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.image.task.LeasedTask;
import io.vitrine.notification.ImageEvent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Parts of transactions that change a task together with its image. */
final class TaskChanges {
  private static final String ACTIVATE_SQL =
      """
      update images set status = 'active', updated_at = now(),
        disk_format = coalesce(tasks.checkpoint->>'disk_format', disk_format),
        container_format = coalesce(tasks.checkpoint->>'container_format', container_format),
        properties = properties || coalesce(tasks.checkpoint->'source'->'properties', '{}')
          || coalesce(tasks.checkpoint->'properties', '{}')
      from tasks where images.id = $1 and tasks.id = $2 and images.status = 'importing'
      """;

  private final TaskQueue queue;
  private final Outbox outbox;

  TaskChanges(TaskQueue queue, Outbox outbox) {
    this.queue = queue;
    this.outbox = outbox;
  }

  static Future<Void> lockImage(SqlConnection connection, LeasedTask task) {
    return ImageCatalog.lock(connection, task.image().id());
  }

  /** Notifies of a change of the task's image. */
  Future<Void> tell(SqlConnection connection, LeasedTask task, ImageEvent event) {
    return outbox.image(connection, task.image().id(), event);
  }

  /** Adds to the task's checkpoint; keeps what a killed worker has recorded for the same task. */
  Future<Void> keep(SqlConnection connection, LeasedTask task, JsonObject checkpoint) {
    return queue.update(
        connection,
        "checkpoint = $4::jsonb || checkpoint, " + TaskQueue.WELL_SQL,
        task,
        checkpoint);
  }

  /**
   * Changes the image, provided this process still holds the task.
   *
   * @param changeSql assignments, with the values from $2 on
   */
  Future<Void> change(
      SqlConnection connection, LeasedTask task, String changeSql, @Nullable Object... values) {
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

  /** Makes an importing image active, with the formats and properties of the checkpoint. */
  Future<Void> activate(SqlConnection connection, LeasedTask task) {
    return connection
        .preparedQuery(ACTIVATE_SQL)
        .execute(Tuple.of(task.image().id().value(), task.id()))
        .compose(
            rows ->
                rows.rowCount() == 0
                    ? Future.succeededFuture()
                    : tell(connection, task, ImageEvent.ACTIVATE));
  }

  static Future<Void> discardStaged(SqlConnection connection, LeasedTask task) {
    return connection
        .preparedQuery(
            "update blobs set state = 'deleting' where image_id = $1 and purpose = 'staging' and"
                + " state = 'stored'")
        .execute(Tuple.of(task.image().id().value()))
        .mapEmpty();
  }
}
