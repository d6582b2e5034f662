package io.vitrine.api.filter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of which a proxy in front could have seen another end than this server. */
@ExtendWith(SharedServer.class)
class FramingWireTest {
  private final int port;
  private final TestingApi api;
  private final String smuggled = "smuggled-" + UUID.randomUUID();

  FramingWireTest(TestingServer server) {
    this.port = server.port();
    this.api = new TestingApi(port);
  }

  /** A request whose body, seen in another way, is a request of its own. */
  private String request(String headers) {
    var body = new JsonObject().put("name", smuggled).encode();
    return """
    POST /v2/images HTTP/1.1
    Host: test
    %s

    0

    POST /v2/images HTTP/1.1
    Host: test
    Content-Type: application/json
    Content-Length: %d

    """
            .formatted(headers, body.length())
            .replace("\n", "\r\n")
        + body;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\nContent-Length: 5",
        "Content-Length: 5\nContent-Length: 6",
        "Content-Length: 5, 6",
        "Content-Length: +5",
        "Content-Length: -5",
        "Content-Length: 0x5",
        "Content-Length: 5 5",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\nTransfer-Encoding: identity",
        "Transfer-Encoding:\n chunked",
        "Transfer-Encoding: x\n chunked",
        "Transfer-Encoding: \u000bchunked",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding\t: chunked",
        "Content-Length : 5",
        " Transfer-Encoding: chunked",
        "Content-Length:\n 5\n 6",
        "X: y\r: z",
        "X: y\n z",
        "X"
      })
  void refusesDoubtfulFraming(String headers) throws Exception {
    try (var connection = new RawConnection(port)) {
      connection.send(request(headers));

      assertThat(connection.read().status()).isEqualTo(400);
      assertThat(connection.isClosedByServer()).isTrue();
    }
    assertNothingWasSmuggled();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /versions HTTP/1.1\nHost: test\r\n\r\n",
        "GET /versions HTTP/1.1\r\nHost: test\nX: y\r\n\r\n",
        "GET /versions HTTP/1.1\r\nHost: test\r\n\n",
        "POST /v2/images HTTP/1.0\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET /versions\r\n\r\n",
        "GET /ver sions HTTP/1.1\r\nHost: test\r\n\r\n",
        "GET /versions HTTP/1.1\r\nHost: te\0st\r\n\r\n",
        "GET /versions HTTP/1.1\r\nHost: test\r\nX: a\0b\r\n\r\n",
        "GET /versions HTTP/1.1\r\nHost: test\r\nX : y\r\n\r\n",
        "GET /versions HTTP/1.1\r\nHost: test\r\n: y\r\n\r\n",
        "G(T /versions HTTP/1.1\r\nHost: test\r\n\r\n",
        "G\0T /versions HTTP/1.1\r\nHost: test\r\n\r\n",
        " GET /versions HTTP/1.1\r\nHost: test\r\n\r\n",
        "GET  HTTP/1.1\r\nHost: test\r\n\r\n",
        "GET /versions HTTP/1.x\r\nHost: test\r\n\r\n",
        "GET /versions HTTP/1.1 x\r\nHost: test\r\n\r\n"
      })
  void refusesOddHeads(String head) throws Exception {
    try (var connection = new RawConnection(port)) {
      connection.send(head);

      assertThat(connection.read().status()).isEqualTo(400);
      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.2", "HTTP/2.0", "HTTP/3.0", "HTTP/0.9", "XTTP/1.1"})
  void refusesOtherVersions(String version) throws Exception {
    try (var connection = new RawConnection(port)) {
      connection.send("GET /versions %s\r\nHost: test\r\n\r\n".formatted(version));

      assertThat(connection.read().status()).isIn(400, 501, 505);
      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Host: one\r\nHost: other\r\n",
        "Host: one\r\nHost: one\r\n",
        "Host: one\r\nhOST: \r\n",
        "Host: one, other\r\n",
        "Host: one other\r\n",
        "Host: one/path\r\n",
        "Host: user@one\r\n",
        "Host: one?x\r\n",
        "Host: one:port\r\n",
        "Host: one:1:2\r\n",
        "Host: [::1\r\n",
        "Host: [g::1]\r\n",
        "Host: \u00e9\r\n",
      })
  void refusesDoubtfulHosts(String headers) throws Exception {
    assertThat(status("GET /versions HTTP/1.1\r\n" + headers + "\r\n")).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "one",
        "one:9292",
        "one:",
        "",
        "some_one.example",
        "127.0.0.1",
        "[::1]:80",
        "a%20b"
      })
  void takesHosts(String host) throws Exception {
    assertThat(status("GET /versions HTTP/1.1\r\nHost: " + host + "\r\n\r\n")).isEqualTo(200);
  }

  @Test
  void holdsTheTargetToTheHost() throws Exception {
    var request = "GET http://%s/versions HTTP/1.1\r\nHost: one\r\n\r\n";

    assertThat(status(request.formatted("ONE"))).isEqualTo(200);
    assertThat(status(request.formatted("other"))).isEqualTo(400);
    assertThat(status(request.formatted("one:80"))).isEqualTo(400);
    assertThat(status(request.formatted("user@one"))).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5\nhello\r\n0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n",
        "5\r\nhelloX0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "xyz\r\nhello\r\n0\r\n\r\n",
        "\r\nhello\r\n0\r\n\r\n",
        "5;a\nb\r\nhello\r\n0\r\n\r\n",
        "100000000000000000\r\nhello\r\n0\r\n\r\n"
      })
  void answersBrokenChunksAndStoresNothingOfThem(String body) throws Exception {
    var id = api.create();

    try (var connection = new RawConnection(port)) {
      connection.put("/v2/images/" + id + "/file", "Transfer-Encoding: chunked\r\n").send(body);
      assertThat(connection.read().status()).isEqualTo(400);
      assertThat(connection.isClosedByServer()).isTrue();
    }
    try (var connection = new RawConnection(port)) {
      connection.send(
          "POST /v2/images HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
      assertThat(connection.read().status()).isEqualTo(400);
      assertThat(connection.isClosedByServer()).isTrue();
    }

    assertThat(api.await(id, "queued").getLong("size")).isNull();
  }

  @Test
  void answersWhatIsTooLong() throws Exception {
    var filler = "x".repeat(40_000);

    assertThat(status("GET /versions?" + filler + " HTTP/1.1\r\nHost: test\r\n\r\n"))
        .isEqualTo(414);
    assertThat(status("GET /versions HTTP/1.1\r\nHost: test\r\nX: " + filler + "\r\n\r\n"))
        .isEqualTo(431);
    assertThat(
            status(
                "GET /versions HTTP/1.1\r\nHost: test\r\n"
                    + "X: 0123456789\r\n".repeat(4000)
                    + "\r\n"))
        .isEqualTo(431);
  }

  private int status(String request) throws Exception {
    try (var connection = new RawConnection(port)) {
      return connection.send(request.getBytes(ISO_8859_1)).read().status();
    }
  }

  private void assertNothingWasSmuggled() throws Exception {
    var found = new JsonObject(api.call("GET", "/v2/images?name=" + smuggled).body());
    assertThat(found.getJsonArray("images")).isEmpty();
  }
}
