package io.vitrine.api.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What slow and greedy clients get. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitsWireTest {
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

  private Path directory = Path.of("");
  private TestingServer server;
  private TestingApi api;

  @BeforeAll
  void start() throws Exception {
    directory = TestingServer.newDirectory();
    var settings =
        Map.of(
            "VITRINE_HTTP__IDLE_TIMEOUT", "1s",
            "VITRINE_HTTP__MAX_UPLOADS_PER_CLIENT", "2",
            "VITRINE_HTTP__TRUSTED_PROXIES", "loopback");
    server = TestingServer.start(directory, settings);
    api = new TestingApi(server.port());
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    TestingServer.remove(directory);
  }

  private RawConnection connect() throws IOException {
    return new RawConnection(server.port());
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "stage"})
  void endsAnUploadThatStalls(String target) throws Exception {
    var id = api.create();

    try (var connection = connect()) {
      connection
          .put("/v2/images/" + id + "/" + target, "Content-Length: 2000\r\n")
          .send(UploadWireTest.data(1000));

      var answer = connection.read();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.body()).contains("Timed out waiting for the");
      assertThat(connection.isClosedByServer()).isTrue();
    }
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
    TestingConditions.await(server::blobs, List::isEmpty);
  }

  @Test
  void closesAnIdleConnection() throws Exception {
    try (var connection = connect()) {
      connection.send("GET /healthcheck HTTP/1.1\r\nHost: test\r\n\r\n");
      assertThat(connection.read().status()).isEqualTo(200);

      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @Test
  void endsADocumentThatStalls() throws Exception {
    try (var connection = connect()) {
      connection.send(
          "POST /v2/images HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\n{\"name\":");

      assertThat(connection.read().status()).isEqualTo(408);
      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  /** Its length is unknown, and the connection not idle, as other requests come through it. */
  @Test
  void endsADocumentThatStallsBesideOtherRequests() throws Exception {
    try (var connection = new RawHttp2(server.port(), 1 << 16)) {
      connection.begin(1, "POST", "/v2/images", "content-type", "application/json");
      var streams = new AtomicInteger(1);

      var answer =
          TestingConditions.await(
              () -> connection.call(streams.addAndGet(2), "HEAD", "/").readHead(),
              head -> head.stream() == 1);

      assertThat(answer.status()).isEqualTo(408);
    }
  }

  /** Each byte well within the timeout, but all of them take longer: another upload ends by it. */
  @Test
  void storesWhatComesSlowly() throws Exception {
    var id = api.create();
    var stalling = api.create();
    var pieces = new AtomicInteger();

    try (var connection = connect();
        var other = connect()) {
      connection.put("/v2/images/" + id + "/file", CHUNKED);
      connection.chunk(new byte[] {1});
      other.put("/v2/images/" + stalling + "/file", CHUNKED);
      var ended = CompletableFuture.supplyAsync(() -> read(other).status());
      TestingConditions.await(
          () -> {
            connection.chunk(new byte[] {1});
            pieces.incrementAndGet();
            return ended.isDone();
          },
          isDone -> isDone);
      connection.chunk(new byte[0]);

      assertThat(ended.join()).isEqualTo(408);
      assertThat(connection.read().status()).isEqualTo(204);
    }
    assertThat(api.image(id).getLong("size")).isEqualTo(pieces.get() + 1);
    api.call("DELETE", "/v2/images/" + id);
    api.call("DELETE", "/v2/images/" + stalling);
  }

  private static RawConnection.Answer read(RawConnection connection) {
    try {
      return connection.read();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  @Test
  void letsEachClientUploadOnlySoMuchAtATime() throws Exception {
    var first = api.create();
    var second = api.create();
    var third = api.create();

    try (var one = connect();
        var other = connect()) {
      one.put("/v2/images/" + first + "/file", CHUNKED + "X-Forwarded-For: 192.0.2.1\r\n");
      other.put("/v2/images/" + second + "/file", CHUNKED + "X-Forwarded-For: 192.0.2.1\r\n");
      api.await(first, "saving");
      api.await(second, "saving");
      var data = UploadWireTest.data(10);

      var refused = api.upload(third, data, "X-Forwarded-For", "192.0.2.1");
      var ofAnother = api.upload(third, data, "X-Forwarded-For", "192.0.2.2");
      one.chunk(data).chunk(new byte[0]);
      assertThat(one.read().status()).isEqualTo(204);
      var later = api.upload(third, data, "X-Forwarded-For", "192.0.2.1");

      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(ofAnother.statusCode()).isEqualTo(204);
      assertThat(later.statusCode()).isEqualTo(409);
    }
    for (var id : List.of(first, third)) {
      api.call("DELETE", "/v2/images/" + id);
    }
  }
}
