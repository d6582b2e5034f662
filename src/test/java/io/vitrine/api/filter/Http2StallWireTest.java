package io.vitrine.api.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of HTTP/2 that ask for much and take nothing, and those that send what ends lines. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2StallWireTest {
  private static final byte[] DATA = UploadWireTest.data(4 << 20);
  private static final int STREAMS = 100;

  private final Path directory;
  private final TestingServer server;
  private final TestingApi api;
  private String image = "";

  Http2StallWireTest() throws Exception {
    directory = TestingServer.newDirectory();
    server =
        TestingServer.start(
            directory,
            Map.of("VITRINE_HTTP__MAX_ANSWER_MEMORY", "4MiB", "VITRINE_CACHE__ENABLED", "true"));
    api = new TestingApi(server.port());
  }

  @BeforeAll
  void upload() throws Exception {
    image = api.create(DATA);
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    TestingServer.remove(directory);
  }

  @ParameterizedTest
  @CsvSource({"1,/v2/images/%s/file", "0,/v2/images/%s/file", "1,/v2/images", "0,/v2/x"})
  void cutsStalledStreamsForOthers(int window, String path) throws Exception {
    try (var stalled = new RawHttp2(server.port(), window)) {
      for (int i = 0; i < STREAMS; i++) {
        stalled.get(2 * i + 1, path.formatted(image));
      }

      var download =
          TestingConditions.await(() -> api.download(image), answer -> answer.statusCode() == 200);
      assertThat(download.body()).isEqualTo(DATA);
      assertThat(api.call("GET", "/v2/images").statusCode()).isEqualTo(200);
    }
    // Nothing of what the streams held is lost.
    for (int i = 0; i < STREAMS; i++) {
      TestingConditions.await(
          () -> api.call("GET", "/v2/images/" + image), answer -> answer.statusCode() == 200);
    }
  }

  @Test
  void closesConnectionsWithMoreStreamsThanTheyMayHave() throws Exception {
    try (var many = new RawHttp2(server.port(), 0)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 2000; i++) {
                  many.get(2 * i + 1, "/v2/x");
                }
                while (many.read() != null) {
                  // What was answered before.
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nb: c", "a\nb", "a\rb", "a\0b", "a\u007fb", "\u0001"})
  void refusesHeadersThatEndLines(String value) throws Exception {
    try (var connection = new RawHttp2(server.port(), 65_535)) {
      var frame = connection.get(1, "/versions", "x-test", value).read();

      assertThat(frame.hasStatus(400) || frame.type() == RawHttp2.RST_STREAM).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/versions HTTP/1.1\r\nx: y", "/versions x", "/versions\0"})
  void refusesPathsThatEndLines(String path) throws Exception {
    try (var connection = new RawHttp2(server.port(), 65_535)) {
      var frame = connection.get(1, path).read();

      assertThat(frame.hasStatus(400) || frame.type() == RawHttp2.RST_STREAM).isTrue();
    }
  }

  @Test
  void holdsTheHostToTheAuthority() throws Exception {
    try (var connection = new RawHttp2(server.port(), 65_535)) {
      assertThat(connection.get(1, "/versions", "host", "test").read().hasStatus(200)).isTrue();
    }
    for (var hosts : new String[][] {{"other"}, {"test", "other"}, {"test:80"}, {"a b"}}) {
      try (var connection = new RawHttp2(server.port(), 65_535)) {
        var headers = new String[2 * hosts.length];
        for (int i = 0; i < hosts.length; i++) {
          headers[2 * i] = "host";
          headers[2 * i + 1] = hosts[i];
        }
        var frame = connection.get(1, "/versions", headers).read();

        assertThat(frame.hasStatus(400) || frame.type() == RawHttp2.RST_STREAM).isTrue();
      }
    }
  }
}
