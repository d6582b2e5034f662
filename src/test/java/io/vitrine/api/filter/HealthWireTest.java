package io.vitrine.api.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What {@code /healthcheck} tells where the operator has named files. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HealthWireTest {
  private final Path directory;
  private final Path disabling;
  private final Path enabling;
  private final TestingServer server;
  private final TestingApi api;

  HealthWireTest() throws Exception {
    directory = TestingServer.newDirectory();
    disabling = directory.resolve("off");
    enabling = Files.createFile(directory.resolve("on"));
    server =
        TestingServer.start(
            directory,
            Map.of(),
            """
            http:
              healthcheck:
                disable_by_file_path: %s
                disable_by_file_paths: ["1:%s"]
                enable_by_file_paths: [%s]
                detailed: true
            """
                .formatted(disabling, enabling, enabling));
    api = new TestingApi(server.port());
  }

  @AfterEach
  void enable() throws IOException {
    Files.deleteIfExists(disabling);
    if (Files.notExists(enabling)) {
      Files.createFile(enabling);
    }
  }

  @AfterAll
  void close() throws IOException {
    server.close();
    TestingServer.remove(directory);
  }

  @Test
  void isDisabledWhileAFileIsThere() throws Exception {
    assertThat(api.call("GET", "/healthcheck").body()).isEqualTo("OK\nOK\nOK");
    assertThat(api.call("HEAD", "/healthcheck").statusCode()).isEqualTo(204);

    Files.createFile(disabling);

    var answer = api.call("GET", "/healthcheck");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("DISABLED BY FILE\nOK\nOK");
    assertThat(api.call("HEAD", "/healthcheck").statusCode()).isEqualTo(503);
    assertThat(api.call("POST", "/healthcheck").statusCode()).isEqualTo(503);
  }

  @Test
  void isDisabledWhileAFileIsMissing() throws Exception {
    Files.delete(enabling);

    var answer = api.call("GET", "/healthcheck");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("OK\nOK\nFILE PATH MISSING");
  }

  @Test
  void tellsDetailsAsJson() throws Exception {
    var answer = api.call("GET", "/healthcheck", "Accept", "text/html;q=0.2, application/json");
    var report = new JsonObject(answer.body());

    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(report.getBoolean("detailed")).isTrue();
    assertThat(report.getJsonArray("threads")).isNotEmpty();
    assertThat(report.getString("java_version")).startsWith("25");
    assertThat(report.getJsonArray("reasons").getJsonObject(0))
        .isEqualTo(
            new JsonObject()
                .put("class", "HealthcheckResult")
                .put("details", "Path '%s' was not found".formatted(disabling))
                .put("reason", "OK"));
  }

  @Test
  void tellsDetailsAsHtml() throws Exception {
    var answer = api.call("GET", "/healthcheck", "Accept", "text/html");

    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/html; charset=UTF-8");
    assertThat(answer.body())
        .contains("<H2>Result of 3 checks:</H2>", "<TD>Path &#39;" + disabling, "<B>threads:</B>");
  }

  @Test
  void tellsNothingElseUnlessAsked() throws Exception {
    var plain = TestingServer.newDirectory();
    try (var other = TestingServer.start(plain, Map.of())) {
      var client = new TestingApi(other.port());
      var json = client.call("GET", "/healthcheck", "Accept", "application/json");
      var html = client.call("GET", "/healthcheck", "Accept", "text/html");

      assertThat(new JsonObject(json.body()))
          .isEqualTo(new JsonObject().put("detailed", false).put("reasons", JsonArray.of("OK")));
      assertThat(html.body()).contains("<TD>OK</TD>").doesNotContain("Kind", "Server status");
    }
    TestingServer.remove(plain);
  }

  @Test
  void isDisabledByTheFileOfItsPort() throws Exception {
    var home = TestingServer.newDirectory();
    int port = freePort();
    try (var other =
        TestingServer.start(
            home,
            Map.of(
                "VITRINE_HTTP__PORT",
                String.valueOf(port),
                "VITRINE_HTTP__HEALTHCHECK__DISABLE_BY_FILE_PATHS",
                "%d:%s,1:%s".formatted(port, disabling, enabling)))) {
      var client = new TestingApi(other.port());
      assertThat(client.call("GET", "/healthcheck").statusCode()).isEqualTo(200);

      Files.createFile(disabling);

      var answer = client.call("GET", "/healthcheck");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).isEqualTo("OK\nDISABLED BY FILE");
    }
    TestingServer.remove(home);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
