package io.vitrine.net.internals;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.internal.SqlConnectionBase;
import java.util.Optional;

/** Netty's channels below connections, and the names of Vert.x's handlers in their pipelines. */
public final class Channels {
  /** The handler of an HTTP/1.1 server that encodes responses. */
  public static final String HTTP_ENCODER = "httpEncoder";

  /** The handler that is the connection itself, last in the pipeline. */
  public static final String CONNECTION = "handler";

  /** The handler of an HTTP/1.1 server that decodes requests. */
  public static final String HTTP_DECODER = "httpDecoder";

  private Channels() {}

  /** The channel of an HTTP connection. */
  public static Channel of(HttpConnection connection) {
    return handler(connection).channel();
  }

  /** The channel of a socket. */
  public static Channel of(NetSocket socket) {
    return ((NetSocketInternal) socket).channelHandlerContext().channel();
  }

  /** The channel of a connection to the database. */
  public static Channel of(SqlConnection connection) {
    var client = ((SqlConnectionBase<?>) connection).unwrap();
    return ((SocketConnectionBase) client).socket().channelHandlerContext().channel();
  }

  /** Vert.x's own handler of an HTTP connection. */
  public static ChannelHandlerContext handler(HttpConnection connection) {
    return ((ConnectionBase) connection).channelHandlerContext();
  }

  /** Vert.x's own handler of a server's connection; empty if a wrapper hides it. */
  public static Optional<ChannelHandlerContext> serverHandler(HttpConnection connection) {
    return connection instanceof HttpServerConnection own
        ? Optional.of(own.channelHandlerContext())
        : Optional.empty();
  }
}
