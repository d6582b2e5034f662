package io.vitrine.store.swift;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.junit5.VertxExtension;
import io.vitrine.testing.TestingConditions;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class AnswerBodyTest {
  private static final byte[] DATA = new byte[1 << 20];

  static {
    new Random(1).nextBytes(DATA);
  }

  private final Vertx vertx;
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer server;

  AnswerBodyTest(Vertx vertx) {
    this.vertx = vertx;
  }

  @BeforeEach
  void listen() throws Exception {
    server =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.response().end(Buffer.buffer(DATA)))
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void givesAllOfItOnce() throws Exception {
    var url = URI.create("http://127.0.0.1:%d/".formatted(server.actualPort()));
    var request = HttpRequest.newBuilder(url).build();

    var body = client.sendAsync(request, AnswerBody.handler()).get(10, TimeUnit.SECONDS).body();

    assertThat(body.take()).isEqualTo(DATA);
    assertThat(body.take()).isEmpty();
  }

  @Test
  void keepsNothingOfWhatIsTaken() {
    var body = new AnswerBody();
    var received = receive(body);

    assertThat(body.take()).isEqualTo(DATA);

    TestingConditions.await(
        () -> {
          System.gc();
          return received.refersTo(null);
        },
        isGone -> isGone);
    assertThat(body.take()).isEmpty();
  }

  private static WeakReference<byte[]> receive(AnswerBody body) {
    var piece = DATA.clone();
    body.onNext(List.of(ByteBuffer.wrap(piece)));
    return new WeakReference<>(piece);
  }
}
