package io.vitrine.cli.transfer;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** What Keystone is asked for a token with (Identity API v3). */
final class Credentials {
  private final CloudSettings settings;

  Credentials(CloudSettings settings) {
    this.settings = settings;
  }

  /** The body of a request for a token. */
  JsonObject request() {
    var auth = new JsonObject().put("identity", identity());
    if (!isApplication()) {
      scope().ifPresent(scope -> auth.put("scope", scope));
    }
    return new JsonObject().put("auth", auth);
  }

  private boolean isApplication() {
    return settings.get("application_credential_secret").isPresent();
  }

  private JsonObject identity() {
    if (isApplication()) {
      return by("application_credential", application());
    }
    return settings.get("token").isPresent()
        ? by("token", new JsonObject().put("id", settings.require("token")))
        : by(
            "password",
            new JsonObject().put("user", user().put("password", settings.require("password"))));
  }

  private static JsonObject by(String method, JsonObject content) {
    return new JsonObject().put("methods", new JsonArray().add(method)).put(method, content);
  }

  private JsonObject application() {
    var content = new JsonObject().put("secret", settings.require("application_credential_secret"));
    return settings
        .get("application_credential_id")
        .map(id -> content.put("id", id))
        .orElseGet(
            () ->
                content
                    .put("name", settings.require("application_credential_name"))
                    .put("user", user()));
  }

  private JsonObject user() {
    return settings
        .get("user_id")
        .map(id -> new JsonObject().put("id", id))
        .orElseGet(
            () ->
                new JsonObject()
                    .put("name", settings.require("username"))
                    .put("domain", domain("user")));
  }

  private Optional<JsonObject> scope() {
    return settings
        .get("project_id")
        .map(id -> new JsonObject().put("id", id))
        .or(
            () ->
                settings
                    .get("project_name")
                    .map(
                        name ->
                            new JsonObject().put("name", name).put("domain", domain("project"))))
        .map(project -> new JsonObject().put("project", project));
  }

  private JsonObject domain(String of) {
    return settings
        .get(of + "_domain_name")
        .map(name -> new JsonObject().put("name", name))
        .orElseGet(
            () ->
                new JsonObject()
                    .put(
                        "id",
                        settings
                            .get(of + "_domain_id")
                            .or(() -> settings.get("default_domain"))
                            .orElse("default")));
  }
}
