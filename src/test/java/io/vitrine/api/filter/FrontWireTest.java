package io.vitrine.api.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.TestingServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server behind a proxy, below a path. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FrontWireTest {
  private static final String[] FORWARDED = {
    "X-Forwarded-For", "192.0.2.1",
    "X-Forwarded-Proto", "https",
    "X-Forwarded-Host", "cloud.example",
    "X-Forwarded-Prefix", "/region"
  };
  private static final String BASE = "https://cloud.example/region/image";

  private Path directory = Path.of("");
  private TestingServer server;
  private TestingApi api;

  @BeforeAll
  void start() throws Exception {
    directory = TestingServer.newDirectory();
    var settings =
        Map.of("VITRINE_HTTP__TRUSTED_PROXIES", "loopback", "VITRINE_HTTP__PATH_PREFIX", "/image");
    server = TestingServer.start(directory, settings);
    api = new TestingApi(server.port());
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    TestingServer.remove(directory);
  }

  @Test
  void linksToTheProxy() throws Exception {
    var versions = api.call("GET", "/image/versions", FORWARDED);
    var redirect = api.call("GET", "/image/v2", FORWARDED);

    assertThat(versions.statusCode()).isEqualTo(200);
    assertThat(versions.body()).contains('"' + BASE + "/v2/\"");
    assertThat(redirect.headers().firstValue("Location")).hasValue(BASE + "/v2/");
  }

  @Test
  void linksToItselfWithoutAProxy() throws Exception {
    var versions = api.call("GET", "/image/versions");

    assertThat(versions.body()).contains("\"http://127.0.0.1:" + server.port() + "/image/v2/\"");
  }

  @Test
  void servesImagesBelowThePath() throws Exception {
    var body = new JsonObject().put("disk_format", "raw").put("container_format", "bare");
    var data = UploadWireTest.data(1000);

    var created =
        api.send("POST", "/image/v2/images", BodyPublishers.ofString(body.encode()), FORWARDED);
    var image = new JsonObject(created.body());
    var path = "/image/v2/images/" + image.getString("id") + "/file";
    try (var connection = new RawConnection(server.port())) {
      connection.put(path, "Content-Length: 1000\r\n").send(data);
      assertThat(connection.read().status()).isEqualTo(204);
    }
    var file = api.call("GET", path);

    assertThat(created.headers().firstValue("Location"))
        .hasValue(BASE + "/v2/images/" + image.getString("id"));
    assertThat(image.getString("self")).isEqualTo("/v2/images/" + image.getString("id"));
    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(file.headers().firstValue("X-Openstack-Request-Id")).isPresent();
    assertThat(file.body()).hasSizeGreaterThan(0);
  }

  @Test
  void servesTheConsoleBelowThePath() throws Exception {
    var redirect = api.call("GET", "/image/ui", FORWARDED);
    var page = api.call("GET", "/image/ui/", FORWARDED);

    assertThat(redirect.headers().firstValue("Location")).hasValue("ui/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("src=\"./assets/").doesNotContain("=\"/", "cloud.example");
  }

  @Test
  void keepsTheQuery() throws Exception {
    var answer = api.call("GET", "/image/v2/images?limit=7&name=a%26b");

    assertThat(new JsonObject(answer.body()).getString("first"))
        .isEqualTo("/v2/images?limit=7&name=a%26b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/v2/images", "/versions", "/imagev2/images", "/healthcheck"})
  void findsNothingBesideThePath(String path) throws Exception {
    var answer = api.call("GET", path);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("X-Openstack-Request-Id")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/image", "/image/"})
  void offersChoicesAtThePath(String path) throws Exception {
    assertThat(api.call("GET", path).statusCode()).isEqualTo(300);
  }

  @Test
  void refusesMalformedHeaders() throws Exception {
    assertThat(api.call("GET", "/image/versions", "Forwarded", "for=\"").statusCode())
        .isEqualTo(400);
  }
}
