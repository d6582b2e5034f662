package io.vitrine.app;

import static io.vitrine.app.lifecycle.Lifecycle.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vitrine.app.lifecycle.Lifecycle;
import io.vitrine.catalog.database.DatabaseAddress;
import io.vitrine.catalog.database.DatabaseConfig;
import io.vitrine.catalog.database.Migrations;
import io.vitrine.catalog.database.PgPool;
import io.vitrine.catalog.database.UnreachableDatabaseException;
import io.vitrine.catalog.embedded.EmbeddedPostgres;
import io.vitrine.catalog.sql.DatabaseException;
import io.vitrine.observe.metrics.EmbeddedDatabaseMeters;
import io.vitrine.settings.VitrineConfig;
import java.util.Optional;
import java.util.function.Consumer;

/** The database of a process: an external one, or the embedded one, which starts with it. */
record ServerDatabase(
    DatabaseConfig config, DatabaseAddress address, Optional<EmbeddedPostgres> embedded) {
  /**
   * Starts the embedded database, or checks the external one's schema. Blocks.
   *
   * @param onGivenUp receives the reason when the embedded database cannot be kept running
   * @param wait for the external database
   */
  static ServerDatabase open(
      VitrineConfig config, Lifecycle lifecycle, Consumer<String> onGivenUp, DatabaseWait wait)
      throws Exception {
    if (config.database().isEmbedded()) {
      var postgres = EmbeddedPostgres.start(config.data().dir());
      lifecycle.onClose("embedded PostgreSQL", postgres::close);
      postgres.onGivenUp(onGivenUp);
      Migrations.migrate(postgres.address());
      return new ServerDatabase(config.database(), postgres.address(), Optional.of(postgres));
    }
    var address = DatabaseAddress.of(config.database());
    wait.until(() -> Migrations.requireUsable(address));
    return new ServerDatabase(config.database(), address, Optional.empty());
  }

  /** Measures the embedded database. */
  void measure(MeterRegistry registry) {
    var meters = new EmbeddedDatabaseMeters(registry);
    embedded.ifPresent(postgres -> meters.restarts(postgres, EmbeddedPostgres::restarts));
  }

  /** An external database must be reachable by the pool too, which has rules of its own. */
  void requireReachable(Vertx vertx, DatabaseWait wait) throws Exception {
    if (embedded.isPresent()) {
      return;
    }
    var pool = PgPool.open(vertx, address, config, new PgPool.Room("start", 1, 1));
    try {
      wait.until(() -> check(pool));
    } finally {
      await(pool.close());
    }
  }

  private static void check(Pool pool) throws Exception {
    try {
      await(PgPool.check(pool));
    } catch (UnreachableDatabaseException e) {
      throw new DatabaseException(String.valueOf(e.getMessage()), e);
    }
  }
}
