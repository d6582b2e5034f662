package io.vitrine.catalog.database;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.ClientBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vitrine.config.DatabaseConfig;
import io.vitrine.config.PoolerKind;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Connections that the verticles of a process share. */
public final class PgPool {
  /**
   * How many connections a pool has at most, and how many wait for one; more are refused at once.
   *
   * @param name for metrics
   */
  public record Room(String name, int size, int maxWaiting) {}

  private static final int MAX_WAITING = 1000;

  private static final int PIPELINED = 16;

  /** Renewed now and then, so that replaced certificates and balanced addresses count. */
  private static final int LIFE_MINUTES = 60;

  private static final int IDLE_MINUTES = 10;
  private static final int CLEANER_MILLIS = 10_000;

  /** Characters of a statement that is planned once. */
  private static final int MAX_PLANNED_ONCE = 8192;

  /**
   * Begins statements whose best plan depends on the values in them, as what is rare and what is
   * not decides how it is read. All others are planned once for a connection.
   */
  public static final String PLANNED_EACH_TIME = "/* planned each time */ ";

  /** Fails as a write would, also for sessions that have been open since before a demotion. */
  private static final String WRITE_CHECK =
      """
      do $$ begin
        if current_setting('transaction_read_only') = 'on' then
          raise sqlstate '25006' using message = 'the database is read-only';
        end if;
      end $$
      """;

  private PgPool() {}

  /** Fails unless the database answers and may be written to. */
  public static Future<Void> check(Pool pool) {
    return pool.query(WRITE_CHECK).execute().mapEmpty();
  }

  /** Opens a pool of the configured size. */
  public static Pool open(Vertx vertx, DatabaseAddress address, DatabaseConfig config) {
    return open(vertx, address, config, new Room("catalog", config.poolSize(), MAX_WAITING));
  }

  /** Opens a pool of lazily made connections, whose statements have a deadline. */
  public static Pool open(Vertx vertx, DatabaseAddress address, DatabaseConfig config, Room room) {
    return ClientBuilder.pool(new ServersDriver(address, config))
        .using(vertx)
        .connectingTo(options(address, config))
        .with(
            new PoolOptions()
                .setName(room.name())
                .setMaxSize(room.size())
                .setMaxWaitQueueSize(room.maxWaiting())
                .setConnectionTimeout(waitMillis(address, config))
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(IDLE_MINUTES)
                .setIdleTimeoutUnit(TimeUnit.MINUTES)
                .setMaxLifetime(LIFE_MINUTES)
                .setMaxLifetimeUnit(TimeUnit.MINUTES)
                .setPoolCleanerPeriod(CLEANER_MILLIS))
        .with(
            new NetClientOptions()
                .setConnectTimeout(Math.toIntExact(config.connectTimeout().toMillis()))
                .setTcpKeepAlive(true))
        .build();
  }

  /** Enough to try all servers while another connection is being closed. */
  private static int waitMillis(DatabaseAddress address, DatabaseConfig config) {
    return Math.toIntExact(
        config.connectTimeout().multipliedBy(address.servers().size() + 1L).toMillis());
  }

  private static PgConnectOptions options(DatabaseAddress address, DatabaseConfig config) {
    boolean isShared = config.pooler() == PoolerKind.TRANSACTION;
    return new PgConnectOptions()
        .setDatabase(address.database())
        .setUser(address.user())
        .setPassword(address.password())
        // A trace has more than a dozen statements for each thing that is worth telling.
        .setTracingPolicy(TracingPolicy.IGNORE)
        .setCachePreparedStatements(!isShared)
        .setUseLayer7Proxy(isShared)
        .setPreparedStatementCacheSqlLimit(MAX_PLANNED_ONCE)
        .setPreparedStatementCacheSqlFilter(sql -> !sql.startsWith(PLANNED_EACH_TIME))
        .setPipeliningLimit(isShared ? 1 : PIPELINED)
        // Poolers refuse most others.
        .setProperties(Map.of("application_name", address.application()));
  }
}
