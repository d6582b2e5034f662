package io.vitrine.store.swift;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.net.address.Url;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** The storage URL of an account and the token for it. */
record SwiftSession(String storageUrl, String token) {
  /** The request for a token. */
  static HttpRequest.Builder request(SwiftLogin login) {
    if (!login.isToKeystone()) {
      return HttpRequest.newBuilder(login.url().toUri())
          .header("X-Auth-User", login.user())
          .header("X-Auth-Key", login.password().value())
          .GET();
    }
    return login.isByApplicationCredential()
        ? keystone(login.url(), "application_credential", credential(login), new JsonObject())
        : keystone(login.url(), "password", password(login), scope(login));
  }

  private static JsonObject credential(SwiftLogin login) {
    return new JsonObject()
        .put("id", login.applicationCredentialId())
        .put("secret", login.applicationCredentialSecret().value());
  }

  private static JsonObject password(SwiftLogin login) {
    var user =
        new JsonObject()
            .put("name", login.user())
            .put("domain", new JsonObject().put("name", login.userDomain()))
            .put("password", login.password().value());
    return new JsonObject().put("user", user);
  }

  private static JsonObject scope(SwiftLogin login) {
    var project =
        new JsonObject()
            .put("name", login.project())
            .put("domain", new JsonObject().put("name", login.projectDomain()));
    return new JsonObject().put("scope", new JsonObject().put("project", project));
  }

  /** Identity API v3, "Password authentication" and "Application credential authentication". */
  private static HttpRequest.Builder keystone(
      Url url, String method, JsonObject proof, JsonObject scope) {
    var identity = new JsonObject().put("methods", new JsonArray().add(method)).put(method, proof);
    var body =
        new JsonObject().put("auth", new JsonObject().put("identity", identity).mergeIn(scope));
    return HttpRequest.newBuilder(url.below("/auth/tokens").toUri())
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body.encode()));
  }

  /** The session in the answer. */
  static SwiftSession of(SwiftLogin login, HttpResponse<AnswerBody> answer) throws IOException {
    return login.isToKeystone()
        ? new SwiftSession(endpoint(answer, login.region()), header(answer, "X-Subject-Token"))
        : new SwiftSession(header(answer, "X-Storage-Url"), header(answer, "X-Auth-Token"));
  }

  private static String header(HttpResponse<AnswerBody> answer, String name) throws IOException {
    return answer
        .headers()
        .firstValue(name)
        .orElseThrow(() -> new IOException("the answer to the login lacks " + name));
  }

  /**
   * The public endpoint of the object store in the catalog; of any region if none is configured.
   */
  private static String endpoint(HttpResponse<AnswerBody> answer, String region)
      throws IOException {
    var body = new JsonObject(new String(answer.body().take(), StandardCharsets.UTF_8));
    return body.getJsonObject("token").getJsonArray("catalog", new JsonArray()).stream()
        .map(JsonObject.class::cast)
        .filter(service -> "object-store".equals(service.getString("type")))
        .flatMap(service -> service.getJsonArray("endpoints").stream())
        .map(JsonObject.class::cast)
        .filter(endpoint -> "public".equals(endpoint.getString("interface")))
        .filter(endpoint -> region.isEmpty() || region.equals(endpoint.getString("region")))
        .map(endpoint -> endpoint.getString("url"))
        .findFirst()
        .orElseThrow(() -> new IOException("Keystone's catalog has no object-store of the region"));
  }
}
