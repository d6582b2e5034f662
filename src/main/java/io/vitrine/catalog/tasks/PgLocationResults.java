package io.vitrine.catalog.tasks;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.Digests;
import io.vitrine.image.task.LocationTask;
import io.vitrine.notification.ImageEvent;
import java.util.Optional;

/** Results in the database: the task and its image change in one transaction. */
public final class PgLocationResults implements LocationResults {
  private final Pool pool;
  private final TaskChanges changes;

  /** Results of a queue's tasks. */
  public PgLocationResults(Pool pool, TaskQueue queue, Outbox outbox) {
    this.pool = pool;
    this.changes = new TaskChanges(queue, outbox);
  }

  @Override
  public Future<Void> located(LocationTask task, long size, Optional<String> hashAlgorithm) {
    return Transactions.in(
        pool,
        connection ->
            changes
                .change(
                    connection,
                    task,
                    "size = $2, hash_algo = coalesce($3, hash_algo)",
                    size,
                    hashAlgorithm.orElse(null))
                .compose(sized -> changes.activate(connection, task))
                .compose(active -> changes.tell(connection, task, ImageEvent.UPDATE)));
  }

  @Override
  public Future<Void> hashed(LocationTask task, Digests digests) {
    return Transactions.in(
        pool,
        connection ->
            changes
                .change(
                    connection,
                    task,
                    "checksum = $2, hash_algo = $3, hash_value = $4, sha256 = $5, updated_at = now()",
                    digests.md5(),
                    digests.algorithm(),
                    digests.value(),
                    digests.sha256())
                .compose(hashed -> changes.tell(connection, task, ImageEvent.UPDATE)));
  }
}
