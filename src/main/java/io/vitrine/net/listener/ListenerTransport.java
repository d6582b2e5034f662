package io.vitrine.net.listener;

import io.netty.bootstrap.ServerBootstrap;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Java's network I/O with a gate in front of the API's listener. Vert.x reports a connection only
 * at its first request, which a hostile client need never send.
 */
public final class ListenerTransport extends NioTransport implements Transport {
  private final ListenerConfig config;

  /** A transport for a Vert.x instance with one such listener. */
  public ListenerTransport(ListenerConfig config) {
    this.config = config;
  }

  @Override
  public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
    super.configure(options, domainSocket, bootstrap);
    if (options instanceof HttpServerOptions http && options.getPort() == config.sharedPort()) {
      bootstrap.handler(new ConnectionGate(config, http));
    }
  }

  @Override
  public String name() {
    return "nio";
  }

  @Override
  public boolean available() {
    return true;
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return null;
  }

  @Override
  public io.vertx.core.spi.transport.Transport implementation() {
    return this;
  }
}
