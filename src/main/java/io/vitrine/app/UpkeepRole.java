package io.vitrine.app;

import static io.vitrine.app.lifecycle.Lifecycle.await;

import io.vitrine.catalog.sql.CatalogFailures;
import io.vitrine.catalog.sql.SchemaVersion;
import io.vitrine.observe.metrics.DatabaseMeters;
import io.vitrine.observe.metrics.QueueMeters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every process does from time to time: it renews its leases, and measures the queue and the
 * schema.
 */
record UpkeepRole(SharedParts shared) {
  private static final Logger log = LoggerFactory.getLogger(UpkeepRole.class);

  void start() throws Exception {
    renewLeases();
    measure();
  }

  private void renewLeases() throws Exception {
    var holder = shared.leaseholder();
    var pool = shared.upkeep("leases").pool();
    if (shared.config().database().isEmbedded()) {
      // Nobody else can use this database, so all other leaseholders are dead.
      await(holder.outliveOthers(pool));
    }
    shared
        .vertx()
        .setPeriodic(
            holder.ttl().toMillis() / 3,
            tick ->
                holder
                    .renew(pool)
                    .onFailure(
                        failure ->
                            log.atLevel(CatalogFailures.level(failure))
                                .addKeyValue("error", failure.getMessage())
                                .log("Cannot renew the leases")));
  }

  private void measure() {
    var parts = shared.upkeep("queue");
    var tasks = parts.tasks();
    var queue = new QueueMeters(shared.meters());
    var schema = new DatabaseMeters(shared.meters()).schemaVersion();
    shared
        .vertx()
        .setPeriodic(
            0,
            shared.config().lease().gcInterval().toMillis(),
            tick -> {
              tasks
                  .backlog()
                  .onSuccess(backlog -> queue.backlog(backlog.waiting(), backlog.oldestSeconds()));
              SchemaVersion.of(parts.pool()).onSuccess(schema::accept);
            });
  }
}
