package io.vitrine.net.uwsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vitrine.api.RawConnection;
import io.vitrine.config.ByteSize;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The listener alone, with handlers that do what the API does not. */
class UwsgiListenerTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, SECONDS);
  }

  private UwsgiListener listen(UwsgiConfig config, Handler<HttpServerRequest> handler)
      throws Exception {
    var listener =
        new UwsgiListener(
            vertx,
            config,
            new HttpServerOptions().setIdleTimeout(500).setIdleTimeoutUnit(TimeUnit.MILLISECONDS));
    listener.listen(handler).await(10, SECONDS);
    return listener;
  }

  private UwsgiListener listen(Handler<HttpServerRequest> handler) throws Exception {
    return listen(new UwsgiConfig("127.0.0.1", 0, Optional.empty(), new ByteSize(1000)), handler);
  }

  private static String described(HttpServerRequest request) {
    return "%s %s %s %s %s"
        .formatted(
            request.scheme(),
            request.authority(),
            request.remoteAddress(),
            request.uri(),
            request.connection() instanceof Mounted mounted ? mounted.mountPoint() : "not mounted");
  }

  @Test
  void tellsWhatTheFrontTells() throws Exception {
    var listener = listen(request -> request.response().end(described(request)));
    var packet =
        TestingPacket.of("GET", "/image/v2?x=1").but("SCRIPT_NAME", "/image").with("HTTPS", "on");

    try (var connection = new RawConnection(listener.port()).send(packet.bytes())) {
      assertThat(connection.read().body())
          .isEqualTo("https images.example 192.0.2.7:1234 /v2?x=1 /image");
    }
  }

  @Test
  void listensOnUnixSockets(@TempDir Path directory) throws Exception {
    var path = directory.resolve("socket");
    Files.createFile(path);
    UnixSocket.clear(path.resolveSibling("none"));
    Files.delete(path);
    listen(
        new UwsgiConfig("", 0, Optional.of(path), new ByteSize(1000)),
        request -> request.response().end(described(request)));
    UnixSocket.open(path);

    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      channel.write(
          ByteBuffer.wrap(TestingPacket.of("GET", "/v2").but("REMOTE_ADDR", "unix:").bytes()));
      var answer = new String(Channels.newInputStream(channel).readAllBytes(), ISO_8859_1);

      assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith(" /v2 ");
    }
    assertThatThrownBy(() -> UnixSocket.clear(path)).hasMessageContaining("another process");
  }

  @Test
  void resetsAnAnswerWithoutLengthThatBreaks() throws Exception {
    var begun = new CompletableFuture<HttpServerResponse>();
    var listener =
        listen(
            request -> {
              var response = request.response().setChunked(true);
              response.write("part").onSuccess(sent -> begun.complete(response));
            });

    try (var connection =
        new RawConnection(listener.port()).send(TestingPacket.of("GET", "/").bytes())) {
      assertThat(connection.readHead().headers()).doesNotContainKey("transfer-encoding");
      assertThat(connection.readBytes(4)).asString().isEqualTo("part");
      var response = begun.get(10, SECONDS);
      vertx.runOnContext(now -> response.reset());
      assertThatThrownBy(() -> connection.readBytes(1)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void endsAnAnswerWithoutLengthByClosing() throws Exception {
    var listener =
        listen(
            request -> {
              var response = request.response().setChunked(true);
              response.write("part").compose(sent -> response.end(Buffer.buffer("rest")));
            });

    try (var connection =
        new RawConnection(listener.port()).send(TestingPacket.of("GET", "/").bytes())) {
      connection.readHead();
      assertThat(connection.readBytes(9)).asString().isEqualTo("partrest");
    }
  }

  @Test
  void refusesLargeHeadsAndSlowOnes() throws Exception {
    var listener = listen(request -> request.response().end());
    var large = TestingPacket.of("GET", "/").with("HTTP_X", "a".repeat(1000)).bytes();

    try (var refused = new RawConnection(listener.port()).send(large);
        var slow = new RawConnection(listener.port()).send(new byte[] {0, 9})) {
      assertThat(refused.read().status()).isEqualTo(431);
      assertThat(slow.isClosedByServer()).isTrue();
    }
  }

  @Test
  void finishesWhatRunsBeforeItEnds() throws Exception {
    var running = new CompletableFuture<HttpServerRequest>();
    var listener = listen(running::complete);

    try (var connection =
        new RawConnection(listener.port()).send(TestingPacket.of("GET", "/").bytes())) {
      var request = running.get(10, SECONDS);
      var drained = listener.drain(Duration.ofSeconds(10));
      var response = request.response();
      vertx.runOnContext(now -> response.end("late"));

      assertThat(connection.read().body()).isEqualTo("late");
      drained.await(10, SECONDS);
    }
  }
}
