package io.vitrine.store.swift;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.junit5.VertxExtension;
import io.vitrine.TestingConditions;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class AnswerBodyTest {
  private static final int CONNECTIONS = 8;
  private static final byte[] DATA = new byte[1 << 20];

  static {
    new Random(1).nextBytes(DATA);
  }

  private final Vertx vertx;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
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

  private CompletableFuture<HttpResponse<AnswerBody>> get() {
    var url = URI.create("http://127.0.0.1:%d/".formatted(server.actualPort()));
    return client.sendAsync(HttpRequest.newBuilder(url).build(), AnswerBody.handler());
  }

  @Test
  void givesAllOfItOnce() throws Exception {
    var body = get().get(10, TimeUnit.SECONDS).body();

    assertThat(body.take()).isEqualTo(DATA);
    assertThat(body.take()).isEmpty();
  }

  /** The connections themselves stay, for half a minute. */
  @Test
  void isNotKeptWithTheConnection() {
    var answers = Stream.generate(this::get).limit(CONNECTIONS).toList();

    var taken =
        answers.stream().map(answer -> new WeakReference<>(answer.join().body().take())).toList();

    TestingConditions.await(
        () -> {
          System.gc();
          return kept(taken);
        },
        kept -> kept == 0);
  }

  private static long kept(List<WeakReference<byte[]>> all) {
    return all.stream().filter(each -> each.get() != null).count();
  }
}
