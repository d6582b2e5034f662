package io.vitrine.database;

import io.vertx.core.Vertx;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vitrine.config.DatabaseConfig;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Connections that the verticles of a process share. */
public final class PgPool {
  /**
   * How many connections a pool has at most, and how many wait for one; more are refused at once.
   *
   * @param name for metrics; pools of one Vert.x that have the same are the same
   */
  public record Room(String name, int size, int maxWaiting) {}

  private static final int MAX_WAITING = 1000;

  private static final int PIPELINED = 16;

  private static final String IDLE_IN_TRANSACTION_MILLIS = "10000";
  private static final String LOCK_MILLIS = "5000";

  /** Characters of a statement that is planned once. */
  private static final int MAX_PLANNED_ONCE = 8192;

  /**
   * Begins statements whose best plan depends on the values in them, as what is rare and what is
   * not decides how it is read. All others are planned once for a connection.
   */
  public static final String PLANNED_EACH_TIME = "/* planned each time */ ";

  private PgPool() {}

  /** Opens a pool of the configured size. */
  public static Pool open(Vertx vertx, DatabaseAddress address, DatabaseConfig config) {
    return open(vertx, address, config, new Room("catalog", config.poolSize(), MAX_WAITING));
  }

  /** Opens a pool of lazily made connections, whose statements have a deadline. */
  public static Pool open(Vertx vertx, DatabaseAddress address, DatabaseConfig config, Room room) {
    var options =
        new PgConnectOptions()
            .setHost(address.host())
            .setPort(address.port())
            .setDatabase(address.database())
            .setUser(address.user())
            .setPassword(address.password())
            // A trace has more than a dozen statements for each thing that is worth telling.
            .setTracingPolicy(TracingPolicy.IGNORE)
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheSqlLimit(MAX_PLANNED_ONCE)
            .setPreparedStatementCacheSqlFilter(sql -> !sql.startsWith(PLANNED_EACH_TIME))
            .setPipeliningLimit(PIPELINED)
            .setProperties(
                Map.of(
                    "application_name",
                    "vitrine",
                    // A plan that is kept must not read all of a table because it was small once.
                    "enable_seqscan",
                    "off",
                    // Others do not wait for long for what a lost process has locked.
                    "idle_in_transaction_session_timeout",
                    IDLE_IN_TRANSACTION_MILLIS,
                    "lock_timeout",
                    LOCK_MILLIS,
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
                .setName(room.name())
                .setShared(true)
                .setMaxSize(room.size())
                .setMaxWaitQueueSize(room.maxWaiting())
                .setConnectionTimeout(Math.toIntExact(config.connectTimeout().toMillis()))
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS))
        .build();
  }
}
