package io.vitrine.catalog.database;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.spi.PgDriver;
import io.vertx.sqlclient.spi.ConnectionFactory;
import io.vitrine.net.internals.SocketVertx;

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
        new SocketVertx(vertx, client -> new GuardedClient(client, config.connectTimeout()));
    return new ServerConnector(
        vertx, super.createConnectionFactory(guarded, options), address, config);
  }
}
