package io.vitrine.app;

import static io.vitrine.app.lifecycle.Lifecycle.await;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vitrine.app.lifecycle.Lifecycle;
import io.vitrine.catalog.database.DatabaseAddress;
import io.vitrine.catalog.database.DatabaseConfig;
import io.vitrine.catalog.database.PgPool;
import io.vitrine.catalog.sql.ConnectionRoom;
import io.vitrine.catalog.sql.DatabaseProbe;
import io.vitrine.catalog.sql.DatabaseWatch;
import io.vitrine.catalog.sql.FairPool;
import io.vitrine.observe.metrics.DatabaseMeters;
import java.time.Duration;
import java.util.function.Function;

/**
 * The connection pools of a process: one for requests, and those of background work, which renews
 * leases whatever the requests do.
 *
 * @param upkeep the pool of background work, by the name of the part
 */
record DatabasePools(Pool requests, Function<String, Pool> upkeep) {
  /** One pool for everything. */
  static DatabasePools of(Pool pool) {
    return new DatabasePools(pool, part -> pool);
  }

  /** Opens the pools, and one that probes the database. */
  record Opening(
      DatabaseAddress address, DatabaseConfig config, boolean isServing, DatabaseMeters meters) {
    private static final Duration PROBE_EVERY = Duration.ofMillis(500);

    /** Requests queue in front of the pool, so its own queue stays short. */
    private static final int QUEUE_OF_POOL = 100;

    private static final int QUEUE_OF_UPKEEP = 1000;

    DatabasePools open(Vertx vertx, DatabaseWatch watch, Lifecycle lifecycle) {
      var waiting = config.waiting();
      int ofClient = Math.min(waiting.maxPerClient(), waiting.max());
      var requests =
          open(
              new Place(vertx, "requests", lifecycle),
              watch,
              new ConnectionRoom.Limits(
                  config.poolSize(), waiting.max(), ofClient, waiting.timeout()));
      int size = isServing ? config.upkeepPoolSize() : config.upkeepPoolSize() + config.poolSize();
      var upkeep =
          open(
              new Place(vertx, "upkeep", lifecycle),
              watch,
              // These are parts of this process, which limit themselves.
              new ConnectionRoom.Limits(
                  size, QUEUE_OF_UPKEEP, QUEUE_OF_UPKEEP, config.statementTimeout()));
      return new DatabasePools(requests, upkeep::ofPart);
    }

    private record Place(Vertx vertx, String name, Lifecycle lifecycle) {}

    private FairPool open(Place place, DatabaseWatch watch, ConnectionRoom.Limits limits) {
      var pool = open(place.vertx, place.name, limits.connections());
      place.lifecycle.onClose("database connections of " + place.name, () -> await(pool.close()));
      var room = new ConnectionRoom(place.vertx, limits, meters.of(place.name));
      return FairPool.ofRequests(pool, room, watch);
    }

    private Pool open(Vertx vertx, String name, int size) {
      return PgPool.open(vertx, address, config, new PgPool.Room(name, size, QUEUE_OF_POOL));
    }

    /** Starts to probe the database. */
    DatabaseWatch watch(Vertx vertx, Lifecycle lifecycle) {
      var watch = new DatabaseWatch(meters);
      var probe = new DatabaseProbe(() -> open(vertx, "probe", 1), watch);
      lifecycle.onClose("database probe", () -> await(probe.close()));
      var timer = vertx.setPeriodic(0, PROBE_EVERY.toMillis(), tick -> probe.ask());
      lifecycle.onClose("database probe's timer", () -> vertx.cancelTimer(timer));
      return watch;
    }
  }
}
