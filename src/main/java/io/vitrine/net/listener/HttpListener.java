package io.vitrine.net.listener;

import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.ServerSSLOptions;
import io.vitrine.net.internals.Channels;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Listens for HTTP/1.1 and HTTP/2 requests, with or without TLS. */
public final class HttpListener {
  /** Vert.x buffers up to 16 pieces of a paused body; 200 of those must not fill the heap. */
  private static final int RECEIVE_BYTES = 256 << 10;

  private static final int PIECE_BYTES = 32 << 10;

  private static final int HTTP2_WINDOW_BYTES = 1 << 20;

  private static final int HTTP2_STREAMS = 100;

  /**
   * The time between the timeout of a body and that of its connection; enough on a busy machine.
   */
  private static final Duration TIME_TO_ANSWER = Duration.ofSeconds(5);

  private final ListenerConfig config;
  private final Optional<TlsFiles> tls;
  private @Nullable HttpServer server;

  /** A listener that has not started yet. */
  public HttpListener(ListenerConfig config) {
    this.config = config;
    this.tls = config.tls().files();
  }

  /** Starts listening; several listeners with the same configuration share one port. */
  public Future<?> start(Vertx vertx, Handler<HttpServerRequest> handler) {
    return tls.map(files -> files.load(vertx).map(keys -> encrypted(options(), keys)))
        .orElseGet(() -> Future.succeededFuture(options()))
        .compose(
            options -> {
              var listening = vertx.createHttpServer(options);
              server = listening;
              return listening.requestHandler(request -> take(request, handler)).listen();
            })
        .onSuccess(listening -> tls.ifPresent(files -> files.watch(vertx, listening)));
  }

  /** Timeouts and sizes, also used by listeners of other protocols. */
  public HttpServerOptions options() {
    return new HttpServerOptions()
        .setHost(config.host())
        .setPort(config.sharedPort())
        .setIdleTimeout(Math.toIntExact(connectionTimeout().toMillis()))
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setMaxHeaderSize(maxHeaderBytes())
        .setMaxInitialLineLength(maxHeaderBytes())
        .setHandle100ContinueAutomatically(false)
        .setUseProxyProtocol(config.front().proxyProtocol())
        .setProxyProtocolTimeout(config.limits().headerTimeout().toMillis())
        .setProxyProtocolTimeoutUnit(TimeUnit.MILLISECONDS)
        // Large reads save half of the processor time of an upload.
        .setReceiveBufferSize(RECEIVE_BYTES)
        .setMaxChunkSize(PIECE_BYTES)
        .setInitialSettings(
            new Http2Settings()
                .setMaxConcurrentStreams(HTTP2_STREAMS)
                .setInitialWindowSize(HTTP2_WINDOW_BYTES)
                .setMaxHeaderListSize(maxHeaderBytes()))
        .setHttp2ConnectionWindowSize(HTTP2_WINDOW_BYTES);
  }

  private int maxHeaderBytes() {
    return Math.toIntExact(config.limits().maxHeaderSize().bytes());
  }

  /** Leaves time to answer after a body's timeout, before the connection is closed. */
  private Duration connectionTimeout() {
    return config.limits().idleTimeout().plus(TIME_TO_ANSWER);
  }

  private static HttpServerOptions encrypted(HttpServerOptions options, ServerSSLOptions tls) {
    return options
        .setSsl(true)
        .setUseAlpn(true)
        .setKeyCertOptions(tls.getKeyCertOptions())
        .setTrustOptions(tls.getTrustOptions())
        .setClientAuth(tls.getClientAuth());
  }

  private void take(HttpServerRequest request, Handler<HttpServerRequest> handler) {
    if (Framing.isAmbiguous(request)) {
      refuse(request);
      return;
    }
    if (Framing.hasLineEnds(request)) {
      request.response().setStatusCode(400).end();
      return;
    }
    Channels.serverHandler(request.connection()).ifPresent(vertx -> watch(request, vertx));
    handler.handle(request);
  }

  private void watch(HttpServerRequest request, ChannelHandlerContext vertx) {
    var pipeline = vertx.pipeline();
    if (pipeline.get(FirstHeadDeadline.class) != null) {
      pipeline.remove(FirstHeadDeadline.class);
    }
    if (request.version() != HttpVersion.HTTP_2 && pipeline.get(HeadDeadline.class) == null) {
      pipeline.addBefore(vertx.name(), null, new HeadDeadline(config.limits().headerTimeout()));
      BrokenBody.watch(vertx);
    }
  }

  /** Stops reading: what follows may be a body or another request. */
  private static void refuse(HttpServerRequest request) {
    Channels.serverHandler(request.connection())
        .ifPresent(vertx -> vertx.pipeline().addBefore(vertx.name(), null, new Discarding()));
    request
        .response()
        .setStatusCode(400)
        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=UTF-8")
        .end("Only chunked is supported as Transfer-Encoding.");
    request.connection().close();
  }

  /** The port it listens on. */
  public int port() {
    return server == null ? config.port() : server.actualPort();
  }

  /** Stops accepting connections and lets running requests finish within the time. */
  public Future<Void> drain(Duration grace) {
    return server == null
        ? Future.succeededFuture()
        : server.shutdown(grace.toMillis(), TimeUnit.MILLISECONDS);
  }
}
