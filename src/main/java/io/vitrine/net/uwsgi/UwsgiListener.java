package io.vitrine.net.uwsgi;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import io.vitrine.net.listener.BrokenBody;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Takes requests from web servers that speak the uwsgi protocol. Below the first bytes of a
 * connection it is the HTTP server with all of its rules about time, bodies and closing; see {@link
 * PacketDecoder} for what differs. The protocol has no way to end an answer but closing, so each
 * connection serves one request.
 */
public final class UwsgiListener {
  private final Vertx vertx;
  private final Settings settings;
  private final HttpServerOptions options;
  private final List<HttpServer> servers = new ArrayList<>();

  /**
   * Where to listen.
   *
   * @param addresses of TCP and of unix sockets
   * @param maxHeadBytes the most that the variables of a request may take
   */
  public record Settings(List<SocketAddress> addresses, int maxHeadBytes) {
    /** Copies the addresses. */
    public Settings {
      addresses = List.copyOf(addresses);
    }
  }

  /** A listener with the times and sizes of the HTTP server. */
  public UwsgiListener(Vertx vertx, Settings settings, HttpServerOptions http) {
    this.vertx = vertx;
    this.settings = settings;
    this.options =
        new HttpServerOptions(http)
            // Each address has its own; and by its port the API's listener is told from this one.
            .setPort(0)
            .setSsl(false)
            .setUseProxyProtocol(false)
            // No other protocol is guessed from the first bytes, and none is changed to.
            .setHttp2ClearTextEnabled(false)
            // The head is measured as it comes; as text it has some lines more.
            .setMaxHeaderSize(2 * settings.maxHeadBytes())
            .setMaxInitialLineLength(2 * settings.maxHeadBytes());
  }

  /** Listens everywhere and gives requests to the handler. */
  public Future<?> listen(Handler<HttpServerRequest> handler) {
    return Future.all(
        settings.addresses().stream().map(address -> server(handler).listen(address)).toList());
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

  /** Runs before the first byte of the connection is read. */
  private void prepare(HttpConnection connection) {
    channel(connection)
        .pipeline()
        .addFirst("uwsgi", new PacketDecoder(settings.maxHeadBytes()))
        .addAfter("httpEncoder", "uwsgiResponse", new ResponseTrimmer());
  }

  private static HttpServerRequest fromFront(HttpServerRequest request) {
    BrokenBody.watch(((ConnectionBase) request.connection()).channelHandlerContext());
    var channel = channel(request.connection());
    return new UwsgiRequest(
        request,
        channel.attr(PacketDecoder.HEAD).get(),
        channel.pipeline().get(ResponseTrimmer.class));
  }

  private static Channel channel(HttpConnection connection) {
    return ((ConnectionBase) connection).channel();
  }

  /** The TCP port that is listened on; 0 if there is none. */
  public int port() {
    return servers.stream().mapToInt(HttpServer::actualPort).max().orElse(0);
  }

  /** Takes no more connections and lets running requests finish within a time. */
  public Future<?> drain(Duration grace) {
    return Future.all(
        servers.stream()
            .map(server -> server.shutdown(grace.toMillis(), TimeUnit.MILLISECONDS))
            .toList());
  }
}
