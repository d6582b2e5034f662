package io.vitrine.net.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.HttpServerOptions;
import io.vitrine.net.internals.DecoderSwap;
import io.vitrine.net.proxy.TrustedProxies;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts connections up to a limit, starts each one's deadline for the first request, and installs
 * strict decoding of heads. Sits in the pipeline of the listening socket.
 */
final class ConnectionGate extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(ConnectionGate.class);

  private final LimitsConfig limits;
  private final Optional<TrustedProxies> proxies;
  private final HttpServerOptions options;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicBoolean isFull = new AtomicBoolean();

  ConnectionGate(ListenerConfig config, HttpServerOptions options) {
    this.limits = config.limits();
    this.proxies = config.front().proxyProtocolFrom();
    this.options = options;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof Channel connection) {
      if (!isFromProxy(connection)) {
        connection.unsafe().closeForcibly();
        return;
      }
      int others = open.getAndIncrement();
      if (limits.maxConnections() > 0 && others >= limits.maxConnections()) {
        refuse(connection);
        return;
      }
      connection.closeFuture().addListener(closed -> leave());
      connection
          .pipeline()
          .addLast(new FirstHeadDeadline(limits.headerTimeout()))
          .addLast(new DecoderSwap(options));
    }
    context.fireChannelRead(message);
  }

  private boolean isFromProxy(Channel connection) {
    return proxies
        .map(
            trusted ->
                connection.remoteAddress() instanceof InetSocketAddress peer
                    && trusted.contains(peer.getAddress().getHostAddress()))
        .orElse(true);
  }

  private void refuse(Channel connection) {
    open.decrementAndGet();
    connection.unsafe().closeForcibly();
    if (isFull.compareAndSet(false, true)) {
      log.atWarn()
          .addKeyValue("connections", limits.maxConnections())
          .log("http.max_connections is reached; closing further connections");
    }
  }

  private void leave() {
    open.decrementAndGet();
    isFull.set(false);
  }
}
