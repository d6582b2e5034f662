package io.vitrine.net.internals;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Interim responses of any status (RFC 9110, section 15.2), of which Vert.x knows only some.
 *
 * <p>Belongs to the event loop of the request.
 */
public final class InterimResponses {
  private final HttpServerRequest request;
  private final ChannelHandlerContext connection;

  private InterimResponses(HttpServerRequest request, ChannelHandlerContext connection) {
    this.request = request;
    this.connection = connection;
  }

  /**
   * Those to a request; empty if the client would not understand them, as of HTTP/1.0, or if a
   * front of another protocol is between.
   */
  public static Optional<InterimResponses> of(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_1_0
        ? Optional.empty()
        : Channels.serverHandler(request.connection())
            .map(connection -> new InterimResponses(request, connection));
  }

  /** Sends one, unless the final response has begun or the client has gone. */
  public void send(int status, String reason, Map<String, String> headers) {
    var response = request.response();
    if (response.headWritten() || response.closed()) {
      return;
    }
    if (connection.handler() instanceof Http2ConnectionHandler http2) {
      send(http2, status, headers);
      return;
    }
    var fields = new DefaultHttpHeaders();
    headers.forEach(fields::set);
    var _ =
        connection.writeAndFlush(
            new DefaultFullHttpResponse(
                io.netty.handler.codec.http.HttpVersion.HTTP_1_1,
                new HttpResponseStatus(status, reason),
                Unpooled.EMPTY_BUFFER,
                fields,
                EmptyHttpHeaders.INSTANCE));
  }

  private void send(Http2ConnectionHandler http2, int status, Map<String, String> headers) {
    int stream = request.response().streamId();
    if (http2.connection().stream(stream) == null) {
      return;
    }
    var fields = new DefaultHttp2Headers().status(String.valueOf(status));
    headers.forEach((name, value) -> fields.set(name.toLowerCase(Locale.ROOT), value));
    var _ =
        http2.encoder().writeHeaders(connection, stream, fields, 0, false, connection.newPromise());
    http2.flush(connection);
  }
}
