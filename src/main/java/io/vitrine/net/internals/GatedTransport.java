package io.vitrine.net.internals;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandler;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Java's network I/O, which can put a handler in front of listening sockets. */
public abstract class GatedTransport extends NioTransport implements Transport {
  /** For subclasses. */
  protected GatedTransport() {}

  /** The handler of a listening socket, which sees its new connections. */
  protected abstract Optional<ChannelHandler> gate(NetServerOptions options);

  @Override
  public final void configure(
      NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
    super.configure(options, domainSocket, bootstrap);
    gate(options).ifPresent(bootstrap::handler);
  }

  @Override
  public final String name() {
    return "nio";
  }

  @Override
  public final boolean available() {
    return true;
  }

  @Override
  public final @Nullable Throwable unavailabilityCause() {
    return null;
  }

  @Override
  public final io.vertx.core.spi.transport.Transport implementation() {
    return this;
  }
}
