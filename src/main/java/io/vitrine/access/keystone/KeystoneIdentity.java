package io.vitrine.access.keystone;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vitrine.access.identity.Identity;
import io.vitrine.access.identity.RetryingClient;
import io.vitrine.access.identity.Tokens;
import io.vitrine.image.Caller;
import io.vitrine.net.address.Url;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Authenticates callers by tokens of Keystone's Identity API v3. One instance serves all event
 * loops.
 */
public final class KeystoneIdentity implements Identity {
  /**
   * A service with this role may forward a user's request even after the user's token has expired.
   */
  private static final String SERVICE = "service";

  private final Vertx vertx;
  private final Clock clock;
  private final Keystone keystone;
  private final TokenCache cache;
  private final String challenge;

  /** Asks the configured Keystone. */
  public KeystoneIdentity(Vertx vertx, KeystoneConfig config, Clock clock) {
    this.vertx = vertx;
    this.clock = clock;
    var client = new RetryingClient(vertx, config);
    var tokens = config.tokens();
    keystone =
        new Keystone(client, tokens, new ServiceToken(client, tokens, config.credentials(), clock));
    cache = new TokenCache(config.cacheTtl(), config.cacheSize(), clock);
    challenge = "Keystone uri=\"" + config.publicUrl() + "\"";
  }

  @Override
  public Future<Caller> identify(MultiMap headers) {
    var user = Tokens.in(headers, Tokens.USER_TOKEN);
    if (user.isEmpty()) {
      return Tokens.refused();
    }
    var service = Tokens.in(headers, Tokens.SERVICE_TOKEN);
    if (service.isEmpty()) {
      return caller(user.get(), false);
    }
    return caller(service.get(), false)
        .compose(
            passing ->
                caller(user.get(), passing.roles().contains(SERVICE))
                    .map(caller -> caller.through(passing.roles())));
  }

  @Override
  public Optional<String> challenge() {
    return Optional.of(challenge);
  }

  @Override
  public Future<Optional<Url>> imageEndpoint(
      MultiMap headers, String region, String serviceInterface) {
    return Tokens.in(headers, Tokens.USER_TOKEN)
        .filter(Tokens::isWellFormed)
        .map(keystone::services)
        .map(found -> found.map(services -> services.imageEndpoint(region, serviceInterface)))
        .orElseGet(Tokens::refused);
  }

  /** Returns a completed validation at once; waiting would take another turn of the event loop. */
  private Future<TokenValidation> known(CompletableFuture<TokenValidation> validation) {
    return validation.isDone() && !validation.isCompletedExceptionally()
        ? Future.succeededFuture(validation.join())
        : Future.fromCompletionStage(validation, vertx.getOrCreateContext());
  }

  private Future<Caller> caller(String token, boolean mayHaveExpired) {
    if (!Tokens.isWellFormed(token)) {
      return Tokens.refused();
    }
    var validation =
        cache.get(token, mayHaveExpired, () -> keystone.validate(token, mayHaveExpired));
    return known(validation)
        .compose(
            known ->
                switch (known) {
                  case TokenValidation.Accepted(var accepted)
                      when mayHaveExpired || clock.instant().isBefore(accepted.expiresAt()) ->
                      Future.succeededFuture(accepted.caller());
                  case TokenValidation.Accepted expired -> Tokens.refused();
                  case TokenValidation.Refused it -> Tokens.refused();
                  case TokenValidation.Unknown(var reason) -> Future.failedFuture(reason);
                });
  }
}
