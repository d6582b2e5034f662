package io.vitrine.database;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vitrine.config.DatabaseConfig;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The connections that all verticles of a process share. */
public final class PgPool {
  /** Requests that wait for a connection; more are refused at once. */
  private static final int MAX_WAITING = 1000;

  private static final int PIPELINED = 16;

  private PgPool() {}

  /** Opens a pool of lazily made connections, whose statements have a deadline. */
  public static Pool open(Vertx vertx, DatabaseAddress address, DatabaseConfig config) {
    var options =
        new PgConnectOptions()
            .setHost(address.host())
            .setPort(address.port())
            .setDatabase(address.database())
            .setUser(address.user())
            .setPassword(address.password())
            .setCachePreparedStatements(true)
            .setPipeliningLimit(PIPELINED)
            .setProperties(
                Map.of(
                    "application_name",
                    "vitrine",
                    // What is rare among images, and what is not, decides how a list is best read.
                    "plan_cache_mode",
                    "force_custom_plan",
                    "statement_timeout",
                    String.valueOf(config.statementTimeout().toMillis())));
    if (!address.sslMode().isEmpty()) {
      options.setSslMode(SslMode.of(address.sslMode()));
    }
    return PgBuilder.pool()
        .using(vertx)
        .connectingTo(options)
        .with(
            new PoolOptions()
                .setName("catalog")
                .setShared(true)
                .setMaxSize(config.poolSize())
                .setMaxWaitQueueSize(MAX_WAITING)
                .setConnectionTimeout(Math.toIntExact(config.connectTimeout().toMillis()))
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS))
        .build();
  }
}
