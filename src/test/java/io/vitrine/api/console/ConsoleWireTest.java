package io.vitrine.api.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import java.net.http.HttpResponse;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedServer.class)
class ConsoleWireTest {
  private static final Pattern MAIN = Pattern.compile("src=\"\\./(assets/[0-9a-f]{20}/main\\.js)");

  private final TestingApi api;
  private final int port;

  ConsoleWireTest(TestingServer server) {
    port = server.port();
    api = new TestingApi(port);
  }

  @Test
  void leadsToThePage() throws Exception {
    var answer = api.call("GET", "/ui");

    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(header(answer, "Location")).isEqualTo("ui/");
  }

  @Test
  void servesThePageUnderAStrictPolicy() throws Exception {
    var answer = api.call("GET", "/ui/");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Content-Type")).isEqualTo("text/html; charset=UTF-8");
    assertThat(header(answer, "Content-Security-Policy"))
        .startsWith("default-src 'none'; script-src 'self' 'sha256-");
    assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(answer, "Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(header(answer, "Cache-Control")).isEqualTo("no-cache");
  }

  @Test
  void revalidatesThePage() throws Exception {
    var tag = header(api.call("GET", "/ui/"), "ETag");

    var same = api.call("GET", "/ui/", "If-None-Match", tag);
    var other = api.call("GET", "/ui/", "If-None-Match", "W/\"0\"");

    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(other.statusCode()).isEqualTo(200);
  }

  @Test
  void letsBrowsersKeepFilesForever() throws Exception {
    var answer = api.call("GET", main());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Content-Type")).isEqualTo("text/javascript; charset=UTF-8");
    assertThat(header(answer, "Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
    assertThat(header(answer, "Vary")).containsIgnoringCase("accept-encoding");
    assertThat(answer.body()).contains("import { h, render } from \"preact\"");
  }

  @Test
  void compressesForThoseWhoTakeIt() throws Exception {
    var plain = api.call("GET", main());
    var compressed = api.call("GET", main(), "Accept-Encoding", "gzip");

    assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(header(compressed, "Content-Encoding")).isEqualTo("gzip");
    assertThat(length(compressed)).isLessThan(length(plain));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ui/", "/ui/config.json"})
  void tellsTheSameByHead(String path) throws Exception {
    try (var connection = new RawConnection(port)) {
      connection.send("HEAD " + path + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
      var head = connection.readHead();

      assertThat(head.status()).isEqualTo(200);
      assertThat(head.headers())
          .containsEntry("content-length", String.valueOf(length(api.call("GET", path))));
      assertThat(connection.readBytes(1)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ui/index.html",
        "/ui/main.js",
        "/ui/assets/",
        "/ui/assets/0/main.js",
        "/ui/assets/../../openapi.yaml",
        "/ui/assets/%2e%2e/%2e%2e/vitrine.yaml",
        "/ui/..%2fvitrine.yaml",
        "/ui/assets//etc/passwd",
        "/ui/identity/v3/auth/projects"
      })
  void findsNothingElse(String path) throws Exception {
    var answer = api.call("GET", path);

    assertThat(answer.statusCode()).isIn(300, 404);
    assertThat(answer.body()).doesNotContain("openapi:", "roles:", "root:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE"})
  void takesNoOtherMethod(String method) throws Exception {
    var answer = api.call(method, "/ui/");

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(header(answer, "Allow")).isEqualTo("GET, HEAD");
  }

  @Test
  void tellsHowUsersSignIn() throws Exception {
    var answer = api.call("GET", "/ui/config.json");

    assertThat(answer.body()).isEqualTo("{\"identity\":\"none\"}");
    assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
  }

  private String main() throws Exception {
    var found = MAIN.matcher(api.call("GET", "/ui/").body());
    assertThat(found.find()).isTrue();
    return "/ui/" + found.group(1);
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static long length(HttpResponse<?> answer) {
    return Long.parseLong(header(answer, "Content-Length"));
  }
}
