package io.vitrine.catalog.database;

import io.vertx.core.net.SocketAddress;
import io.vertx.pgclient.PgConnectOptions;
import java.net.InetSocketAddress;

/** The options of one connection to an address that is already resolved. */
final class ServerOptions extends PgConnectOptions {
  private final SocketAddress place;

  ServerOptions(PgConnectOptions common, InetSocketAddress place) {
    super(common);
    // The copy constructor omits this.
    setUseLayer7Proxy(common.getUseLayer7Proxy());
    setHost(place.getHostString());
    setPort(place.getPort());
    this.place = SocketAddress.inetSocketAddress(place);
  }

  @Override
  public SocketAddress getSocketAddress() {
    return place;
  }
}
