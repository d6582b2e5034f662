package io.vitrine.api.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vitrine.access.oidc.TestingCodes;
import io.vitrine.access.oidc.TestingProvider;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Sign-ins with an OpenID Connect provider: this test is the browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProviderSignInWireTest {
  private static final String OIDC = "/ui/identity/oidc";
  private static final String PAGE = "https://images.example/image/ui/";
  private static final String VERIFIER = "a-verifier.of~43_characters-or-more-1234567890";

  private TestingProvider provider;
  private TestingCodes codes;
  private Path directory;
  private TestingServer server;
  private TestingApi api;

  @BeforeAll
  void start() throws Exception {
    provider = TestingProvider.start();
    codes = new TestingCodes(provider);
    directory = TestingServer.newDirectory();
    var yaml =
        """
        identity:
          kind: oidc
          oidc:
            issuer: %s
            audience: %s
            roles_claim: realm_access.roles
            request_timeout: 1s
            retries: 3
            console: {client_id: %s, scopes: [openid, profile, images]}
        """
            .formatted(provider.issuer(), TestingProvider.AUDIENCE, TestingCodes.CLIENT);
    server = TestingServer.start(directory, Map.of(), yaml);
    api = new TestingApi(server.port());
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    provider.close();
    TestingServer.remove(directory);
  }

  @AfterEach
  void restore() {
    codes.restore();
  }

  private HttpResponse<String> tokens(JsonObject body) throws Exception {
    var json = BodyPublishers.ofString(body.encode());
    return api.send("POST", OIDC + "/tokens", json, "Content-Type", "application/json");
  }

  private JsonObject provider() throws Exception {
    return new JsonObject(api.call("GET", OIDC + "/provider").body());
  }

  /** What the provider brings back to the page. */
  private Map<String, String> authorized() throws Exception {
    var known = provider();
    var asked =
        Map.of(
            "response_type",
            "code",
            "client_id",
            known.getString("client_id"),
            "redirect_uri",
            PAGE,
            "scope",
            known.getString("scope"),
            "state",
            "s&1",
            "nonce",
            "n",
            "code_challenge",
            TestingCodes.challenge(VERIFIER),
            "code_challenge_method",
            "S256");
    var query =
        asked.entrySet().stream()
            .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    var place = URI.create(known.getString("authorization_endpoint") + "?" + query);
    try (var browser = HttpClient.newHttpClient()) {
      var answer = browser.send(HttpRequest.newBuilder(place).build(), BodyHandlers.discarding());
      var back = answer.headers().firstValue("Location").orElseThrow();
      assertThat(back).startsWith(PAGE + "?");
      return TestingCodes.parameters(back.substring(PAGE.length() + 1));
    }
  }

  private static String code(Map<String, String> back) {
    return Objects.requireNonNull(back.get("code"), "a code");
  }

  private static JsonObject grant(String code, String verifier) {
    return new JsonObject()
        .put("code", code)
        .put("code_verifier", verifier)
        .put("redirect_uri", PAGE);
  }

  private JsonObject signedIn() throws Exception {
    var answer = tokens(grant(code(authorized()), VERIFIER));
    assertThat(answer.statusCode()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  private void answerAtTokens(Handler<HttpServerRequest> handler) {
    provider.add("token_endpoint", "token", handler);
  }

  private void answerAtTokens(JsonObject body) {
    answerAtTokens(request -> request.response().end(body.encode()));
  }

  @Test
  void isToldToThePage() throws Exception {
    assertThat(api.call("GET", "/ui/config.json").body())
        .isEqualTo("{\"identity\":\"oidc\",\"provider\":true}");
    assertThat(provider())
        .isEqualTo(
            new JsonObject()
                .put("issuer", provider.issuer())
                .put("client_id", TestingCodes.CLIENT)
                .put("scope", "openid profile images")
                .put("authorization_endpoint", provider.issuer() + "/authorize")
                .put("end_session_endpoint", provider.issuer() + "/logout"));
  }

  @Test
  void givesATokenForACode() throws Exception {
    var back = authorized();
    assertThat(back).containsEntry("state", "s&1");

    var answer = tokens(grant(code(back), VERIFIER));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    var given = new JsonObject(answer.body());
    assertThat(given.fieldNames())
        .containsExactlyInAnyOrder(
            "access_token", "user", "project", "expires_in", "refresh_token", "id_token");
    assertThat(given.getString("user")).isEqualTo("ann");
    assertThat(given.getString("project")).isEqualTo("a");
    var token = given.getString("access_token");
    assertThat(api.call("GET", "/v2/images", "X-Auth-Token", token).statusCode()).isEqualTo(200);
  }

  @Test
  void refusesAWrongVerifier() throws Exception {
    var code = code(authorized());

    var answer = tokens(grant(code, "x" + VERIFIER));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(answer.body()))
        .isEqualTo(new JsonObject().put("error", "invalid_grant").put("error_description", "No."));
  }

  @Test
  void refusesACodeThatWasUsed() throws Exception {
    var code = code(authorized());

    assertThat(tokens(grant(code, VERIFIER)).statusCode()).isEqualTo(200);
    assertThat(tokens(grant(code, VERIFIER)).statusCode()).isEqualTo(400);
  }

  @Test
  void renewsOncePerRefreshToken() throws Exception {
    var refresh = new JsonObject().put("refresh_token", signedIn().getString("refresh_token"));

    var renewed = tokens(refresh);
    var again = tokens(refresh);

    assertThat(renewed.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(renewed.body()).getString("refresh_token"))
        .isNotEqualTo(refresh.getString("refresh_token"));
    assertThat(again.statusCode()).isEqualTo(400);
  }

  @Test
  void refusesRequestsOfAnotherForm() throws Exception {
    var bad =
        new JsonObject[] {
          new JsonObject(),
          grant("", VERIFIER),
          grant("c", "short"),
          grant("c", VERIFIER + "&client_id=x"),
          grant("c", VERIFIER).put("redirect_uri", 7),
          new JsonObject().put("refresh_token", "x".repeat(20_000)),
        };
    for (var each : bad) {
      assertThat(tokens(each).statusCode()).as(each.encode()).isEqualTo(400);
    }
    assertThat(api.call("GET", OIDC + "/tokens").statusCode()).isEqualTo(405);
    assertThat(api.call("GET", "/ui/identity/v3/auth/projects").statusCode()).isEqualTo(404);
  }

  /** The parameters are data: none of them can add another one, or name another place. */
  @Test
  void sendsNothingButItsOwnRequest() throws Exception {
    var asked = new CompletableFuture<String>();
    answerAtTokens(
        request ->
            request
                .body()
                .onSuccess(
                    body -> {
                      asked.complete(body.toString());
                      request.response().setStatusCode(400).end("{\"error\":\"x\"}");
                    }));

    tokens(
        grant("c&client_id=other&client_secret=s", VERIFIER)
            .put("grant_type", "password")
            .put("token_endpoint", "http://127.0.0.1:1/"));

    assertThat(TestingCodes.parameters(asked.get(10, TimeUnit.SECONDS)))
        .isEqualTo(
            Map.of(
                "client_id",
                TestingCodes.CLIENT,
                "grant_type",
                "authorization_code",
                "code",
                "c&client_id=other&client_secret=s",
                "code_verifier",
                VERIFIER,
                "redirect_uri",
                PAGE));
  }

  @Test
  void refusesTokensThatTheApiDoesNotTake() throws Exception {
    var bearer = new JsonObject().put("token_type", "bearer");
    var other = provider.sign(provider.claims().put("aud", "others"));
    for (var token : new String[] {"opaque", other}) {
      answerAtTokens(bearer.copy().put("access_token", token));

      var answer = tokens(grant("c", VERIFIER));

      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).contains("audience").doesNotContain(token);
    }
  }

  @Test
  void boundsHostileAnswers() throws Exception {
    var token = new JsonObject().put("access_token", provider.sign(provider.claims()));
    answerAtTokens(token);
    assertThat(tokens(grant("c", VERIFIER)).statusCode()).as("no type").isEqualTo(503);
    answerAtTokens(token.copy().put("token_type", "Bearer").put("x", "x".repeat(2 << 20)));
    assertThat(tokens(grant("c", VERIFIER)).statusCode()).as("huge").isEqualTo(503);
    answerAtTokens(request -> request.response().end("<html>Sign in</html>"));
    assertThat(tokens(grant("c", VERIFIER)).statusCode()).as("a page").isEqualTo(503);
    answerAtTokens(request -> request.response().end("[]"));
    assertThat(tokens(grant("c", VERIFIER)).statusCode()).as("a list").isEqualTo(503);
    answerAtTokens(
        request ->
            request
                .response()
                .setStatusCode(307)
                .putHeader("Location", "http://127.0.0.1:1/")
                .end("{}"));
    assertThat(tokens(grant("c", VERIFIER)).statusCode()).as("a redirect").isEqualTo(503);
  }

  @Test
  void asksOnceThoughTheProviderFails() throws Exception {
    var asked = new AtomicInteger();
    answerAtTokens(
        request -> {
          asked.incrementAndGet();
          request.response().setStatusCode(500).end();
        });
    assertThat(tokens(grant("c", VERIFIER)).statusCode()).isEqualTo(503);
    assertThat(asked).hasValue(1);

    answerAtTokens(request -> asked.incrementAndGet());
    assertThat(tokens(grant("c", VERIFIER)).statusCode()).as("no answer").isEqualTo(503);
    assertThat(asked).hasValue(2);
  }
}
