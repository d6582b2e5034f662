package io.vitrine.catalog.database;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.ClientBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Connection pools that the verticles of a process share. */
public final class PgPool {
  /**
   * The size of a pool and of its queue; further requests are refused at once.
   *
   * @param name the label in metrics
   */
  public record Room(String name, int size, int maxWaiting) {}

  private static final int MAX_WAITING = 1000;

  private static final int PIPELINED = 16;

  /** Connections are renewed so that new certificates and DNS changes take effect. */
  private static final int LIFE_MINUTES = 60;

  private static final int IDLE_MINUTES = 10;
  private static final int CLEANER_MILLIS = 10_000;

  /** The longest statement, in characters, that is prepared. */
  private static final int MAX_PLANNED_ONCE = 8192;

  /**
   * The prefix of statements whose best plan depends on their values, as selectivity varies. All
   * others are planned once for a connection.
   */
  public static final String PLANNED_EACH_TIME = "/* planned each time */ ";

  /** Fails as a write would, even in a session that was open before its server was demoted. */
  private static final String WRITE_CHECK =
      """
      do $$ begin
        if current_setting('transaction_read_only') = 'on' then
          raise sqlstate '25006' using message = 'the database is read-only';
        end if;
      end $$
      """;

  private PgPool() {}

  /** Fails unless the database answers and accepts writes. */
  public static Future<Void> check(Pool pool) {
    return pool.query(WRITE_CHECK).execute().mapEmpty();
  }

  /** Opens a pool of the configured size. */
  public static Pool open(Vertx vertx, DatabaseAddress address, DatabaseConfig config) {
    return open(vertx, address, config, new Room("catalog", config.poolSize(), MAX_WAITING));
  }

  /** Opens a pool that connects lazily; its statements have a timeout. */
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

  /** Long enough to try all servers while another connection is closing. */
  private static int waitMillis(DatabaseAddress address, DatabaseConfig config) {
    return Math.toIntExact(
        config.connectTimeout().multipliedBy(address.servers().size() + 1L).toMillis());
  }

  private static PgConnectOptions options(DatabaseAddress address, DatabaseConfig config) {
    boolean isShared = config.pooler() == DatabaseConfig.Pooler.TRANSACTION;
    return new PgConnectOptions()
        .setDatabase(address.database())
        .setUser(address.user())
        .setPassword(address.password())
        // Each operation worth a span runs more than a dozen statements.
        .setTracingPolicy(TracingPolicy.IGNORE)
        .setCachePreparedStatements(!isShared)
        .setUseLayer7Proxy(isShared)
        .setPreparedStatementCacheSqlLimit(MAX_PLANNED_ONCE)
        .setPreparedStatementCacheSqlFilter(sql -> !sql.startsWith(PLANNED_EACH_TIME))
        .setPipeliningLimit(isShared ? 1 : PIPELINED)
        // Poolers refuse most other startup parameters.
        .setProperties(Map.of("application_name", address.application()));
  }
}
