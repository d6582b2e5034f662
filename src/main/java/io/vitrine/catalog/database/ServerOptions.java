package io.vitrine.catalog.database;

import io.vertx.core.net.SocketAddress;
import io.vertx.pgclient.PgConnectOptions;
import java.net.InetSocketAddress;

/** Where and how one connection is opened: to an address that is resolved already. */
final class ServerOptions extends PgConnectOptions {
  private final SocketAddress place;

  ServerOptions(PgConnectOptions common, InetSocketAddress place) {
    super(common);
    // The copy leaves this out.
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
