package io.vitrine.net.internals;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.util.Version;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VertxInternalsTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, SECONDS);
  }

  /**
   * Fails with every upgrade, as a reminder to compare what is used of the internals with the new
   * version; then set the versions here.
   */
  @Test
  void knowsTheVersionsThatItWasComparedWith() throws IOException {
    var whatToCompare =
        """
        Compare with the new version, then set it here:
        Channels: the names httpDecoder, httpEncoder and handler in the pipelines, the classes below \
        HttpConnection, NetSocket and SqlConnection;
        DecoderSwap: when Vert.x installs its decoder after Http1xOrH2CHandler, TLS and PROXY;
        StrictRequestDecoder: the constructor and decode() of VertxHttpRequestDecoder;
        GatedTransport: that NioTransport.configure() sets no handler of its own;
        SqlMessages: the commands and responses between a connection and its codec;
        BrokenBody, HeadDeadline, PacketDecoder, ResponseTrimmer, AnswerWatch: where their places \
        in the pipelines are;
        InterimResponses: what Vert.x writes for 103, and that an HTTP/2 connection's handler is an \
        Http2ConnectionHandler;
        Buffers: that Vert.x does not pool or release the memory of received buffers.\
        """;

    assertThat(List.of(vertxVersion(), nettyVersion()))
        .as(whatToCompare)
        .containsExactly("5.0.12", "4.2.17.Final");
  }

  @Test
  void findsTheHandlersOfAnHttpServerByTheirNames() throws Exception {
    var names = Promise.<List<String>>promise();
    var server =
        vertx
            .createHttpServer()
            .connectionHandler(
                connection -> names.complete(Channels.of(connection).pipeline().names()))
            .requestHandler(request -> request.response().end())
            .listen(0, "localhost")
            .await(10, SECONDS);

    vertx
        .createHttpClient()
        .request(HttpMethod.GET, server.actualPort(), "localhost", "/")
        .compose(request -> request.send())
        .await(10, SECONDS);

    assertThat(names.future().await(10, SECONDS))
        .contains(Channels.HTTP_DECODER, Channels.HTTP_ENCODER, Channels.CONNECTION);
  }

  @Test
  void sharesTheMemoryOfBuffers() {
    var bytes = Unpooled.copiedBuffer("abc", UTF_8);
    var buffer = Buffers.of(bytes);

    bytes.setByte(0, 'x');

    assertThat(buffer).isEqualTo(Buffer.buffer("xbc"));
    assertThat(Buffers.bytes(buffer).toString(UTF_8)).isEqualTo("xbc");
    assertThat(Buffers.parts(buffer)).hasSize(1);
  }

  private static String vertxVersion() throws IOException {
    try (var text = Vertx.class.getResourceAsStream("/META-INF/vertx/vertx-version.txt")) {
      return new String(Objects.requireNonNull(text).readAllBytes(), UTF_8).strip();
    }
  }

  private static String nettyVersion() {
    return Objects.requireNonNull(Version.identify().get("netty-transport")).artifactVersion();
  }
}
