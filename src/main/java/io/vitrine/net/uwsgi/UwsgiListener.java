package io.vitrine.net.uwsgi;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vitrine.net.internals.Channels;
import io.vitrine.net.listener.BrokenBody;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Listens for requests from web servers that speak the uwsgi protocol. After decoding, the HTTP
 * server with its timeouts and limits handles them; {@link PacketDecoder} has the differences. In
 * this protocol only closing ends a response, so each connection serves one request.
 */
public final class UwsgiListener {
  /** The id of the random port that all instances share; that of HTTP is 1. */
  private static final int RANDOM_PORT_ID = 2;

  private final Vertx vertx;
  private final UwsgiConfig config;
  private final HttpServerOptions options;
  private final List<HttpServer> servers = new ArrayList<>();

  /** A listener with the timeouts and sizes of the HTTP server. */
  public UwsgiListener(Vertx vertx, UwsgiConfig config, HttpServerOptions http) {
    this.vertx = vertx;
    this.config = config;
    this.options =
        new HttpServerOptions(http)
            // Each server listens on its own address; 0 also tells it apart from the API's
            // listener.
            .setPort(0)
            .setSsl(false)
            .setUseProxyProtocol(false)
            // Without detecting or upgrading to other protocols.
            .setHttp2ClearTextEnabled(false)
            // The packet is limited when it is read; as HTTP text it is somewhat longer.
            .setMaxHeaderSize(2 * maxHeadBytes())
            .setMaxInitialLineLength(2 * maxHeadBytes());
  }

  /** Listens on all addresses and passes requests to the handler. */
  public Future<?> listen(Handler<HttpServerRequest> handler) {
    return Future.all(
        addresses().stream().map(address -> server(handler).listen(address)).toList());
  }

  /** The TCP and Unix sockets to listen on. */
  private List<SocketAddress> addresses() {
    var addresses = new ArrayList<SocketAddress>();
    if (!config.host().isEmpty()) {
      addresses.add(
          config.port() == 0
              ? SocketAddress.sharedRandomPort(RANDOM_PORT_ID, config.host())
              : SocketAddress.inetSocketAddress(config.port(), config.host()));
    }
    config
        .socket()
        .ifPresent(path -> addresses.add(SocketAddress.domainSocketAddress(path.toString())));
    return addresses;
  }

  private int maxHeadBytes() {
    return Math.toIntExact(config.maxHeaderSize().bytes());
  }

  private HttpServer server(Handler<HttpServerRequest> handler) {
    var server =
        vertx
            .createHttpServer(options)
            .connectionHandler(this::prepare)
            .requestHandler(request -> handler.handle(fromFront(request)));
    servers.add(server);
    return server;
  }

  /** Runs before the connection's first byte is read. */
  private void prepare(HttpConnection connection) {
    Channels.of(connection)
        .pipeline()
        .addFirst("uwsgi", new PacketDecoder(maxHeadBytes()))
        .addAfter(Channels.HTTP_DECODER, "uwsgiRequest", new OneRequest())
        .addAfter(Channels.HTTP_ENCODER, "uwsgiResponse", new ResponseTrimmer());
  }

  private static HttpServerRequest fromFront(HttpServerRequest request) {
    BrokenBody.watch(Channels.handler(request.connection()));
    var channel = Channels.of(request.connection());
    return new UwsgiRequest(
        request,
        channel.attr(PacketDecoder.HEAD).get(),
        channel.pipeline().get(ResponseTrimmer.class));
  }

  /** The TCP port it listens on; 0 if there is none. */
  public int port() {
    return servers.stream().mapToInt(HttpServer::actualPort).max().orElse(0);
  }

  /** Stops accepting connections and lets running requests finish within the time. */
  public Future<?> drain(Duration grace) {
    return Future.all(
        servers.stream()
            .map(server -> server.shutdown(grace.toMillis(), TimeUnit.MILLISECONDS))
            .toList());
  }
}
