package io.vitrine.app;

import static io.vitrine.app.Lifecycle.await;

import io.vitrine.catalog.sql.CatalogFailures;
import io.vitrine.observe.metrics.QueueMeters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What every process does from time to time: it renews its leases and measures the queue. */
record UpkeepRole(SharedParts shared) {
  private static final Logger log = LoggerFactory.getLogger(UpkeepRole.class);

  void start() throws Exception {
    renewLeases();
    measureQueue();
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

  private void measureQueue() {
    var tasks = shared.upkeep("queue").tasks();
    var meters = new QueueMeters(shared.meters());
    shared
        .vertx()
        .setPeriodic(
            0,
            shared.config().lease().gcInterval().toMillis(),
            tick ->
                tasks
                    .backlog()
                    .onSuccess(
                        backlog -> meters.backlog(backlog.waiting(), backlog.oldestSeconds())));
  }
}
