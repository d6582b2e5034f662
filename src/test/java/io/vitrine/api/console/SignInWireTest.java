package io.vitrine.api.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingKeystone;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Sign-ins that are passed on to a Keystone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignInWireTest {
  private static final String AUTH = "/ui/identity/v3/auth";

  private TestingKeystone keystone;
  private Path directory;
  private TestingServer server;
  private TestingApi api;

  @BeforeAll
  void start() throws Exception {
    keystone = TestingKeystone.start();
    directory = TestingServer.newDirectory();
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_IDENTITY__KIND",
                "keystone",
                "VITRINE_IDENTITY__KEYSTONE__URL",
                keystone.url(),
                "VITRINE_IDENTITY__KEYSTONE__PASSWORD",
                TestingKeystone.PASSWORD,
                "VITRINE_IDENTITY__KEYSTONE__RETRIES",
                "0"));
    api = new TestingApi(server.port());
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    keystone.close();
    TestingServer.remove(directory);
  }

  private HttpResponse<String> signIn(String body) throws Exception {
    var json = BodyPublishers.ofString(body);
    return api.send("POST", AUTH + "/tokens", json, "Content-Type", "application/json");
  }

  private static String credentials(String password) {
    return new JsonObject().put("auth", new JsonObject().put("password", password)).encode();
  }

  private static String token(HttpResponse<?> answer) {
    return answer.headers().firstValue("X-Subject-Token").orElse("");
  }

  @Test
  void givesWhatKeystoneGives() throws Exception {
    var answer = signIn(credentials(TestingKeystone.PASSWORD));

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(token(answer)).startsWith("service-");
    assertThat(new JsonObject(answer.body()).getJsonObject("token").getString("expires_at"))
        .isNotEmpty();
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
  }

  @Test
  void refusesWhatKeystoneRefuses() throws Exception {
    assertThat(signIn(credentials("wrong")).statusCode()).isEqualTo(401);
    assertThat(api.call("GET", AUTH + "/projects", "X-Auth-Token", "unknown").statusCode())
        .isEqualTo(401);
  }

  @Test
  void listsProjects() throws Exception {
    var token = token(signIn(credentials(TestingKeystone.PASSWORD)));

    var answer = api.call("GET", AUTH + "/projects", "X-Auth-Token", token);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(answer.body()).getJsonArray("projects")).hasSize(1);
  }

  @Test
  void passesNothingElseOn() throws Exception {
    int before = keystone.logins();

    assertThat(api.call("GET", AUTH + "/tokens").statusCode()).isEqualTo(405);
    assertThat(api.call("GET", AUTH + "/catalog").statusCode()).isEqualTo(404);
    assertThat(api.call("GET", "/ui/identity/v3/users").statusCode()).isEqualTo(404);
    assertThat(signIn("x".repeat(2 << 20)).statusCode()).isEqualTo(413);
    assertThat(keystone.logins()).isEqualTo(before);
  }

  @Test
  void isUnavailableWhenKeystoneIs() throws Exception {
    keystone.stop();
    try {
      assertThat(signIn(credentials(TestingKeystone.PASSWORD)).statusCode()).isEqualTo(503);
    } finally {
      keystone.resume();
    }
  }

  @Test
  void isToldToThePage() throws Exception {
    assertThat(api.call("GET", "/ui/config.json").body()).isEqualTo("{\"identity\":\"keystone\"}");
  }
}
