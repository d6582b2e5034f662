package io.vitrine.access.keystone;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.Caller;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** A token that Keystone accepts: its caller and when it expires. */
record KeystoneToken(Caller caller, Instant expiresAt) {
  /**
   * Reads the answer of {@code GET /v3/auth/tokens}.
   *
   * @throws IllegalArgumentException if it has another form
   */
  static KeystoneToken parse(JsonObject answer) {
    try {
      var token = required(answer, "token");
      var user = required(token, "user");
      var project = token.getJsonObject("project");
      return new KeystoneToken(
          new Caller(
              party(user),
              project == null ? Caller.Party.NONE : party(project),
              roles(token),
              scope(token)),
          expiresAt(token));
    } catch (ClassCastException | NullPointerException | DateTimeParseException malformed) {
      throw new IllegalArgumentException("not Keystone's description of a token", malformed);
    }
  }

  /** Reads the {@code expires_at} of a token. */
  static Instant expiresAt(JsonObject token) {
    return Instant.parse(requiredText(token, "expires_at"));
  }

  private static Caller.Scope scope(JsonObject token) {
    if (token.containsKey("project")) {
      return Caller.Scope.PROJECT;
    }
    if (token.containsKey("system")) {
      return Caller.Scope.SYSTEM;
    }
    return token.containsKey("domain") ? Caller.Scope.DOMAIN : Caller.Scope.NONE;
  }

  private static Set<String> roles(JsonObject token) {
    return token.getJsonArray("roles", new JsonArray()).stream()
        .map(role -> requiredText((JsonObject) role, "name"))
        .collect(Collectors.toSet());
  }

  private static Caller.Party party(JsonObject named) {
    var domain = named.getJsonObject("domain");
    return new Caller.Party(
        requiredText(named, "id"), domain == null ? null : domain.getString("id"));
  }

  private static JsonObject required(JsonObject object, String key) {
    return Objects.requireNonNull(object.getJsonObject(key), key);
  }

  private static String requiredText(JsonObject object, String key) {
    if (object.getValue(key) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("no text: " + key);
  }
}
