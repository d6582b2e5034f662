package io.vitrine.catalog.database;

import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.VertxWrapper;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.spi.PgDriver;
import io.vertx.sqlclient.spi.ConnectionFactory;

/** PostgreSQL's JDBC driver, connected to whichever server accepts writes. */
final class ServersDriver extends PgDriver {
  private final DatabaseAddress address;
  private final DatabaseConfig config;

  ServersDriver(DatabaseAddress address, DatabaseConfig config) {
    this.address = address;
    this.config = config;
  }

  @Override
  public ConnectionFactory<PgConnectOptions> createConnectionFactory(
      Vertx vertx, NetClientOptions options) {
    var guarded =
        new VertxWrapper((VertxInternal) vertx) {
          @Override
          public NetClient createNetClient(NetClientOptions own) {
            return new GuardedClient(super.createNetClient(own), config.connectTimeout());
          }
        };
    return new ServerConnector(
        vertx, super.createConnectionFactory(guarded, options), address, config);
  }
}
