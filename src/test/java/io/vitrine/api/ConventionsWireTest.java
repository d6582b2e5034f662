package io.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every call. */
@ExtendWith(SharedServer.class)
class ConventionsWireTest {
  private static final String IMAGE = "/v2/images/00000000-0000-0000-0000-000000000001";

  private final TestingApi api;

  ConventionsWireTest(TestingServer server) {
    this.api = new TestingApi(server.port());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2/images?name=%00",
        "/v2/images?tag=%ff",
        "/v2/images?%C3=x",
        "/v2/images/%80",
        "/v2/images/x/members/%00",
        "/v2/tasks?status=%ff"
      })
  void refusesWhatIsNotText(String path) throws Exception {
    assertThat(api.call("GET", path).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /v2/images, 405, 'GET, POST'",
    "HEAD, /v2/images, 405, 'GET, POST'",
    "POST, /v2/images/x, 405, 'DELETE, GET, PATCH'",
    "HEAD, /v2/images/x, 405, 'DELETE, GET, PATCH'",
    "GET, /v2/images/x/actions/deactivate, 405, POST",
    "POST, /v2/images/x/file, 405, 'GET, HEAD, PUT'",
    "GET, /v2/images/x/stage, 405, PUT",
    "POST, /v2/images/x/tags/a, 405, 'DELETE, PUT'",
    "PATCH, /v2/images/x/members/a, 405, 'DELETE, GET, PUT'",
    "POST, /v2/schemas/member, 405, GET",
    "DELETE, /v2/tasks, 405, 'GET, POST'",
    "DELETE, /v2/tasks/x, 405, GET",
    "BREW, /v2/images, 405, 'GET, POST'",
    "GET, /v2/nothing, 404, ",
    "BREW, /v2/nothing, 501, "
  })
  void refusesOtherMethods(String method, String path, int status, String allowed)
      throws Exception {
    var answer = api.call(method, path);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Allow").orElse(null)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/images", "/v2/tasks", "/v2/metadefs/namespaces", "/v2/info/usage"})
  void takesNoNoticeOfABodyWhereGlanceDoesNot(String path) throws Exception {
    var answer = api.send("GET", path, BodyPublishers.ofString("{}"));

    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2/schemas/image",
        "/v2/schemas/members",
        "/v2/schemas/tasks",
        IMAGE,
        IMAGE + "/tasks",
        IMAGE + "/file",
        IMAGE + "/members",
        "/v2/info/import",
        "/v2/info/stores"
      })
  void refusesABodyThatIsNotWanted(String path) throws Exception {
    assertThat(api.send("GET", path, BodyPublishers.ofString("{}")).statusCode()).isEqualTo(400);
  }

  @Test
  void takesOverRequestIds() throws Exception {
    var longest = "x".repeat(64);

    assertThat(requestId("abc")).isEqualTo("req-abc");
    assertThat(requestId("req-abc")).isEqualTo("req-abc");
    assertThat(requestId(longest)).isEqualTo("req-" + longest);
    assertThat(requestId("")).matches("req-[0-9a-f-]{36}");
    assertThat(api.call("GET", "/versions", "X-Openstack-Request-Id", longest + "x").statusCode())
        .isEqualTo(431);
  }

  private String requestId(String given) throws Exception {
    return api.call("GET", "/versions", "X-Openstack-Request-Id", given)
        .headers()
        .firstValue("X-Openstack-Request-Id")
        .orElseThrow();
  }

  @Test
  void answersErrorsAsTheClientReadsThem() throws Exception {
    var plain = api.call("GET", IMAGE);
    var json = api.call("GET", IMAGE, "Accept", "application/json");
    var html = api.call("GET", IMAGE, "Accept", "*/*");

    assertThat(plain.body()).startsWith("404 Not Found\n\nNo image found");
    assertThat(new JsonObject(json.body()).getString("code")).isEqualTo("404 Not Found");
    assertThat(new JsonObject(json.body()).getString("message")).contains("<br /><br />");
    assertThat(html.body()).contains("<h1>404 Not Found</h1>", "No image found");
  }

  @Test
  void compressesDocumentsButNotData() throws Exception {
    var data = "x".repeat(100_000).getBytes(StandardCharsets.UTF_8);
    var id = api.create(data);

    try (var client = HttpClient.newHttpClient()) {
      var schema =
          client.send(
              api.request("/v2/schemas/image").header("Accept-Encoding", "gzip, deflate").build(),
              BodyHandlers.ofByteArray());
      var plain =
          client.send(
              api.request("/v2/schemas/image").header("Accept-Encoding", "gzip;q=0").build(),
              BodyHandlers.ofByteArray());
      var small =
          client.send(
              api.request("/v2/info/import").header("Accept-Encoding", "gzip").build(),
              BodyHandlers.ofByteArray());
      var file = api.download(id, "Accept-Encoding", "gzip");
      var part = api.download(id, "Accept-Encoding", "gzip", "Range", "bytes=0-9");

      assertThat(schema.headers().firstValue("Content-Encoding")).hasValue("gzip");
      assertThat(new GZIPInputStream(new ByteArrayInputStream(schema.body())).readAllBytes())
          .isEqualTo(plain.body());
      assertThat(small.headers().firstValue("Content-Encoding")).hasValue("gzip");
      assertThat(file.headers().firstValue("Content-Encoding")).isEmpty();
      assertThat(file.body()).isEqualTo(data);
      assertThat(part.body()).hasSize(10);
    }
  }

  @Test
  void tellsBrowsersNothingUnlessConfigured() throws Exception {
    var answer = api.call("GET", "/versions");

    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void letsConfiguredSitesCallAndLinksToThePublicEndpoint() throws Exception {
    var directory = TestingServer.newDirectory();
    var settings =
        Map.of(
            "VITRINE_HTTP__CORS__ALLOWED_ORIGINS",
            "https://cloud.example",
            "VITRINE_HTTP__PUBLIC_ENDPOINT",
            "https://images.example/",
            "VITRINE_HTTP__MAX_REQUEST_ID_LENGTH",
            "20");

    try (var server = TestingServer.start(directory, settings)) {
      var other = new TestingApi(server.port());
      assertCors(server.port());
      var versions = new JsonObject(other.call("GET", "/versions").body());
      assertThat(hrefs(versions.getJsonArray("versions")))
          .containsOnly("https://images.example/v2/");
      assertThat(new JsonObject(other.call("GET", "/openapi.json").body()).getJsonArray("servers"))
          .containsExactly(new JsonObject().put("url", "https://images.example"));
      assertThat(
              other.call("GET", "/versions", "X-Openstack-Request-Id", "x".repeat(21)).statusCode())
          .isEqualTo(431);
    }
    TestingServer.remove(directory);
  }

  private static Stream<String> hrefs(JsonArray versions) {
    return IntStream.range(0, versions.size())
        .mapToObj(versions::getJsonObject)
        .map(version -> version.getJsonArray("links").getJsonObject(0).getString("href"));
  }

  private static void assertCors(int port) throws Exception {
    var preflight = "Access-Control-Request-Method: PATCH\r\n";
    var allowed = asFrom(port, "OPTIONS", "https://cloud.example", preflight);

    assertThat(allowed.status()).isEqualTo(200);
    assertThat(allowed.headers())
        .containsEntry("access-control-allow-origin", "https://cloud.example")
        .containsEntry("access-control-allow-methods", "PATCH")
        .containsEntry("access-control-max-age", "3600")
        .containsEntry("vary", "Origin");
    assertThat(
            asFrom(
                    port,
                    "OPTIONS",
                    "https://cloud.example",
                    preflight + "Access-Control-Request-Headers: x-auth-token, Range\r\n")
                .headers())
        .containsEntry("access-control-allow-headers", "x-auth-token,Range");
    assertThat(asFrom(port, "GET", "https://cloud.example", "").headers())
        .containsEntry("access-control-allow-origin", "https://cloud.example")
        .containsEntry("access-control-allow-credentials", "true")
        .containsKey("access-control-expose-headers");
    assertThat(
            asFrom(
                    port,
                    "OPTIONS",
                    "https://cloud.example",
                    preflight + "Access-Control-Request-Headers: X-Strange\r\n")
                .headers())
        .doesNotContainKey("access-control-allow-origin");
    for (var origin : List.of("https://other.example", "http://x", "null")) {
      for (var method : List.of("GET", "OPTIONS")) {
        var other = asFrom(port, method, origin, preflight);
        assertThat(other.status()).as(method + " " + origin).isEqualTo(200);
        assertThat(other.headers()).doesNotContainKey("access-control-allow-origin");
      }
    }
  }

  /** The client of the JDK does not send Origin. */
  private static RawConnection.Answer asFrom(int port, String method, String origin, String more)
      throws Exception {
    try (var connection = new RawConnection(port)) {
      connection.send(
          "%s /v2/images HTTP/1.1\r\nHost: x\r\nOrigin: %s\r\n%s\r\n"
              .formatted(method, origin, more));
      return connection.readHead();
    }
  }
}
