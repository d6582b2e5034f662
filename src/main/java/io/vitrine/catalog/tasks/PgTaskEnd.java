package io.vitrine.catalog.tasks;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.audit.AuditAction;
import io.vitrine.catalog.audit.AuditEntry;
import io.vitrine.catalog.audit.AuditOutcome;
import io.vitrine.catalog.audit.AuditTrail;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.LeasedTask;
import io.vitrine.image.task.LocationTask;
import io.vitrine.notification.ImageEvent;
import io.vitrine.notification.TaskEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ends tasks in the database: the task, its image and its blobs change in one transaction. */
public final class PgTaskEnd implements TaskEnd {
  private final Pool pool;
  private final TaskQueue queue;
  private final Outbox outbox;
  private final TaskChanges changes;

  /** Ends a queue's tasks. */
  public PgTaskEnd(Pool pool, TaskQueue queue, Outbox outbox) {
    this.pool = pool;
    this.queue = queue;
    this.outbox = outbox;
    this.changes = new TaskChanges(queue, outbox);
  }

  @Override
  public Future<Void> succeed(LeasedTask task, String message) {
    return Transactions.in(
        pool,
        connection ->
            TaskChanges.lockImage(connection, task)
                .compose(locked -> changes.activate(connection, task))
                .compose(active -> TaskChanges.discardStaged(connection, task))
                .compose(discarded -> unmark(connection, task))
                .compose(
                    unmarked ->
                        queue.update(
                            connection,
                            "status = 'success', message = $4, result = $5, " + queue.endSql(),
                            task,
                            message,
                            new JsonObject().put("image_id", task.image().id().toString())))
                .compose(ended -> note(connection, task, AuditOutcome.DONE))
                .compose(noted -> changes.tell(connection, task, ImageEvent.UPDATE))
                .compose(told -> outbox.task(connection, task.id(), TaskEvent.SUCCESS)));
  }

  private static Future<Void> note(
      SqlConnection connection, LeasedTask task, AuditOutcome outcome) {
    var action =
        switch (task) {
          case ImportTask _ -> AuditAction.IMPORT;
          case LocationTask _ -> AuditAction.LOCATION_ADD;
        };
    return AuditTrail.ofTask(
        connection, task.id(), AuditEntry.of(task.image().id(), action, outcome));
  }

  private static Future<Void> unmark(SqlConnection connection, LeasedTask task) {
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
   * What a failure does to the image.
   *
   * @param discarded the stores whose data is discarded
   * @param failed the stores recorded as failed; null: those still pending
   * @param storesSql the stores that the image shows from now on
   */
  private record Consequence(List<String> discarded, @Nullable String failed, String storesSql) {
    static Consequence of(LeasedTask task) {
      return switch (task) {
        case ImportTask all when all.allMustSucceed() ->
            new Consequence(
                all.stores(), String.join(",", all.stores()), ImageLocations.STORES_SQL);
        case ImportTask _ -> new Consequence(List.of(), null, ImageLocations.STORES_SQL);
        // As in Glance (bug 2076648), an image whose location was refused keeps showing the
        // location's store until it gets other data; Tempest tests this.
        case LocationTask _ -> new Consequence(task.image().stores(), null, "stores");
      };
    }
  }

  @Override
  public Future<Void> fail(LeasedTask task, String reason) {
    var consequence = Consequence.of(task);
    return Transactions.in(
        pool,
        connection ->
            TaskChanges.lockImage(connection, task)
                .compose(
                    locked ->
                        queue.update(
                            connection,
                            "status = 'failure', message = $4, " + queue.endSql(),
                            task,
                            reason))
                .compose(failed -> TaskChanges.discardStaged(connection, task))
                .compose(discarded -> discardStored(connection, task, consequence.discarded()))
                .compose(discarded -> queueAgain(connection, task, consequence))
                .compose(queued -> note(connection, task, AuditOutcome.FAILED))
                .compose(noted -> changes.tell(connection, task, ImageEvent.UPDATE))
                .compose(told -> outbox.task(connection, task.id(), TaskEvent.FAILURE)));
  }

  private static Future<Void> queueAgain(
      SqlConnection connection, LeasedTask task, Consequence consequence) {
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
                .formatted(consequence.storesSql()))
        .execute(Tuple.of(task.image().id().value(), consequence.failed()))
        .mapEmpty();
  }

  private static Future<Void> discardStored(
      SqlConnection connection, LeasedTask task, List<String> stores) {
    if (stores.isEmpty()) {
      return Future.succeededFuture();
    }
    return connection
        .preparedQuery(
            "update blobs set state = 'deleting' where image_id = $1 and purpose = 'image' and"
                + " state = 'stored' and store = any($2) and (url is null or exists (select 1 from"
                + " images where id = $1 and status = 'importing'))")
        .execute(
            Tuple.tuple()
                .addUUID(task.image().id().value())
                .addArrayOfString(stores.toArray(String[]::new)))
        .mapEmpty();
  }
}
