package io.vitrine.access.oidc;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vitrine.access.identity.Identity;
import io.vitrine.access.identity.Tokens;
import io.vitrine.image.Caller;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates callers by tokens signed by an OpenID Connect provider (RFC 7519, RFC 9068), sent
 * as bearer tokens or in Keystone's headers. One instance serves all event loops.
 */
public final class OidcIdentity implements Identity {
  private final Vertx vertx;
  private final OidcConfig config;
  private final SigningKeys keys;

  /** Accepts the tokens of the configured issuer. */
  public OidcIdentity(Vertx vertx, OidcConfig config, Clock clock) {
    this.vertx = vertx;
    this.config = config;
    keys = new SigningKeys(vertx, config, clock);
  }

  @Override
  public Future<Caller> identify(MultiMap headers) {
    var context = vertx.getOrCreateContext();
    var known =
        Tokens.bearer(headers)
            .or(() -> Tokens.in(headers, Tokens.USER_TOKEN))
            .filter(Tokens::isWellFormed)
            .map(
                token ->
                    header(token).map(header -> check(token, header)).orElseGet(Tokens::refused))
            .orElseGet(Tokens::refused);
    return Future.fromCompletionStage(known.toCompletionStage(), context);
  }

  @Override
  public Optional<String> challenge() {
    return Optional.of("Bearer");
  }

  private Future<Caller> check(String token, JsonObject header) {
    return keys.with(header.getValue("kid") instanceof String name ? name : null)
        .compose(
            found ->
                found
                    .checker()
                    .authenticate(new TokenCredentials(token))
                    .map(valid -> caller(payload(token)))
                    .recover(forged -> Tokens.refused()));
  }

  /** The caller that the claims name; the token must name a user and expire. */
  private Caller caller(JsonObject payload) {
    if (!(claim(payload, config.userClaim()) instanceof String user)
        || !(payload.getValue("exp") instanceof Number)) {
      throw new IllegalArgumentException("claims are missing");
    }
    var project = claim(payload, config.projectClaim()) instanceof String text ? text : null;
    return new Caller(
        new Caller.Party(user, null),
        new Caller.Party(project, null),
        roles(claim(payload, config.rolesClaim())),
        project == null ? Caller.Scope.NONE : Caller.Scope.PROJECT);
  }

  private static Set<String> roles(@Nullable Object claim) {
    return switch (claim) {
      case JsonArray names ->
          names.stream()
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .collect(Collectors.toSet());
      case String names ->
          Arrays.stream(names.split(" "))
              .filter(each -> !each.isEmpty())
              .collect(Collectors.toSet());
      case null, default -> Set.of();
    };
  }

  /** The claim of exactly that name, or else the one that its dots lead to. */
  private static @Nullable Object claim(JsonObject payload, String name) {
    int dot = name.indexOf('.');
    if (payload.containsKey(name) || dot < 0) {
      return payload.getValue(name);
    }
    return payload.getValue(name.substring(0, dot)) instanceof JsonObject inner
        ? claim(inner, name.substring(dot + 1))
        : null;
  }

  private static Optional<JsonObject> header(String token) {
    var parts = token.split("\\.", -1);
    try {
      return parts.length == 3 ? Optional.of(decoded(parts[0])) : Optional.empty();
    } catch (IllegalArgumentException | DecodeException | ClassCastException malformed) {
      return Optional.empty();
    }
  }

  private static JsonObject payload(String token) {
    return decoded(token.split("\\.", -1)[1]);
  }

  private static JsonObject decoded(String part) {
    return new JsonObject(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
  }
}
