package io.vitrine.net.listener;

import io.netty.channel.ChannelHandler;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetServerOptions;
import io.vitrine.net.internals.GatedTransport;
import java.util.Optional;

/**
 * Java's network I/O with a gate in front of the API's listener. Vert.x reports a connection only
 * at its first request, which a hostile client need never send.
 */
public final class ListenerTransport extends GatedTransport {
  private final ListenerConfig config;

  /** A transport for a Vert.x instance with one such listener. */
  public ListenerTransport(ListenerConfig config) {
    this.config = config;
  }

  @Override
  protected Optional<ChannelHandler> gate(NetServerOptions options) {
    return options instanceof HttpServerOptions http && options.getPort() == config.sharedPort()
        ? Optional.of(new ConnectionGate(config, http))
        : Optional.empty();
  }
}
