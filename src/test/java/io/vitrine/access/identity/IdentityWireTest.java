package io.vitrine.access.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingKeystone;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A server whose callers are known by Keystone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdentityWireTest {
  private static final String IMAGE =
      new JsonObject().put("disk_format", "raw").put("container_format", "bare").encode();

  private TestingKeystone keystone;
  private Path directory;
  private TestingServer server;
  private TestingApi api;

  @BeforeAll
  void start() throws Exception {
    keystone = TestingKeystone.start();
    keystone.issue("ann's", "ann", "a", "member", "reader");
    keystone.issue("bob's", "bob", "b", "member", "reader");
    directory = TestingServer.newDirectory();
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_IDENTITY__KIND", "keystone",
                "VITRINE_IDENTITY__ANONYMOUS_READ", "true",
                "VITRINE_IDENTITY__KEYSTONE__URL", keystone.url(),
                "VITRINE_IDENTITY__KEYSTONE__PASSWORD", TestingKeystone.PASSWORD,
                "VITRINE_IDENTITY__KEYSTONE__RETRIES", "0"));
    api = new TestingApi(server.port());
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    keystone.close();
    TestingServer.remove(directory);
  }

  @Test
  void saysWhereToGetAToken() throws Exception {
    var answer = api.call("GET", "/v2/images", "X-Auth-Token", "unknown");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate"))
        .contains("Keystone uri=\"" + keystone.url() + "\"");
  }

  @Test
  void makesImagesOfTheCallersProject() throws Exception {
    var created = create("ann's");
    var path = "/v2/images/" + new JsonObject(created.body()).getString("id");

    assertThat(new JsonObject(created.body()).getString("owner")).isEqualTo("a");
    assertThat(api.call("GET", path, "X-Auth-Token", "ann's").statusCode()).isEqualTo(200);
    assertThat(api.call("GET", path, "X-Auth-Token", "bob's").statusCode()).isEqualTo(404);
  }

  @Test
  void believesNoHeaderThatNamesAnIdentity() throws Exception {
    var path = "/v2/images/" + new JsonObject(create("ann's").body()).getString("id");

    var seen =
        api.call(
            "GET",
            path,
            "X-Auth-Token",
            "bob's",
            "X-Identity-Status",
            "Confirmed",
            "X-User-Id",
            "root",
            "X-Project-Id",
            "a",
            "X-Tenant-Id",
            "a",
            "X-Roles",
            "admin",
            "X-Service-Identity-Status",
            "Confirmed",
            "X-Service-Roles",
            "admin",
            "X-Auth-Key",
            "root");

    assertThat(seen.statusCode()).isEqualTo(404);
  }

  @Test
  void letsTheUnknownReadAndNoMore() throws Exception {
    var created = api.send("POST", "/v2/images", BodyPublishers.ofString(IMAGE));

    assertThat(api.call("GET", "/v2/schemas/image").statusCode()).isEqualTo(200);
    assertThat(created.statusCode()).isEqualTo(403);
    assertThat(created.body()).contains("Read-only access");
  }

  @Test
  void refusesRolesThatAreNotHeldOnAProject() throws Exception {
    keystone.issueForSystem("system", "root", "admin");
    keystone.issueForDomain("domain", "root", "admin");

    assertThat(api.call("GET", "/v2/images", "X-Auth-Token", "system").statusCode()).isEqualTo(403);
    assertThat(api.call("GET", "/v2/images", "X-Auth-Token", "domain").statusCode()).isEqualTo(403);
  }

  @Test
  void saysThatItCannotKnowNow() throws Exception {
    keystone.issue("new", "new", "n", "member", "reader");
    keystone.stop();

    var answer = api.call("GET", "/v2/images", "X-Auth-Token", "new");
    keystone.resume();

    assertThat(answer.statusCode()).isEqualTo(503);
    TestingConditions.await(
        () -> api.call("GET", "/v2/images", "X-Auth-Token", "new").statusCode(),
        status -> status == 200);
  }

  @Test
  void finishesAnUploadWhoseTokenHasExpiredMeanwhile() throws Exception {
    var path = "/v2/images/" + new JsonObject(create("ann's").body()).getString("id");
    keystone.issueFor(Duration.ofMillis(1500), "short", "ann", "a", "member");

    try (var upload = new RawConnection(server.port())) {
      upload.put(path + "/file", "X-Auth-Token: short\r\nContent-Length: 6\r\n").send("abc");
      TestingConditions.await(() -> status(path), "saving"::equals);
      TestingConditions.await(
          () -> api.call("GET", path, "X-Auth-Token", "short").statusCode(),
          status -> status == 401);
      upload.send("def");

      assertThat(upload.read().status()).isEqualTo(204);
    }
    assertThat(status(path)).isEqualTo("active");
  }

  private HttpResponse<String> create(String token) throws Exception {
    return api.send("POST", "/v2/images", BodyPublishers.ofString(IMAGE), "X-Auth-Token", token);
  }

  private String status(String path) throws Exception {
    var shown = api.call("GET", path, "X-Auth-Token", "ann's");
    return new JsonObject(shown.body()).getString("status");
  }
}
