package io.vitrine.catalog.database;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.vertx.core.Future;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vitrine.net.internals.Channels;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes sockets on which no login succeeds in time. Vert.x limits only the TCP connect and the TLS
 * handshake; a server that is silent before or after them would hold the socket forever.
 */
final class GuardedClient implements NetClient {
  private static final AttributeKey<Boolean> IS_READY =
      AttributeKey.valueOf(GuardedClient.class, "isReady");

  private final NetClient sockets;
  private final Duration deadline;

  GuardedClient(NetClient sockets, Duration deadline) {
    this.sockets = sockets;
    this.deadline = deadline;
  }

  /** Keeps the socket open: the login has succeeded. */
  static void ready(Channel channel) {
    channel.attr(IS_READY).set(true);
  }

  /** Closes the socket at once; the client's own close waits for the answer to its Terminate. */
  static void cut(Channel channel) {
    channel
        .eventLoop()
        .execute(
            () -> {
              var first = channel.pipeline().firstContext();
              if (first == null) {
                var _ = channel.close();
              } else {
                var _ = first.close();
              }
            });
  }

  @Override
  public Future<NetSocket> connect(ConnectOptions options) {
    return sockets.connect(options).onSuccess(this::guard);
  }

  private void guard(NetSocket socket) {
    var channel = Channels.of(socket);
    var _ =
        channel
            .eventLoop()
            .schedule(
                () -> {
                  if (channel.isOpen() && !channel.hasAttr(IS_READY)) {
                    cut(channel);
                  }
                },
                deadline.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  public Future<NetSocket> connect(int port, String host) {
    return connect(new ConnectOptions().setPort(port).setHost(host));
  }

  @Override
  public Future<NetSocket> connect(int port, String host, String serverName) {
    return connect(new ConnectOptions().setPort(port).setHost(host).setSniServerName(serverName));
  }

  @Override
  public Future<NetSocket> connect(SocketAddress address) {
    return connect(new ConnectOptions().setRemoteAddress(address));
  }

  @Override
  public Future<NetSocket> connect(SocketAddress address, String serverName) {
    return connect(new ConnectOptions().setRemoteAddress(address).setSniServerName(serverName));
  }

  @Override
  public Future<Void> shutdown(long timeout, TimeUnit unit) {
    return sockets.shutdown(timeout, unit);
  }

  @Override
  public Future<Boolean> updateSSLOptions(ClientSSLOptions options, boolean force) {
    return sockets.updateSSLOptions(options, force);
  }

  @Override
  public boolean isMetricsEnabled() {
    return sockets.isMetricsEnabled();
  }
}
