package io.vitrine.access.oidc;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import io.vitrine.access.identity.CachedValue;
import io.vitrine.access.identity.RetryingClient;
import io.vitrine.access.identity.Tokens;
import io.vitrine.net.address.Url;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signing keys of a provider, found by its discovery document (OpenID Connect Discovery 1.0).
 * They are fetched again periodically and when a token names an unknown key. If that fails, the old
 * keys stay in use.
 */
final class SigningKeys {
  private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);

  /** The least time between two fetches, so that forged tokens cannot trigger one each. */
  private static final Duration LEAST_AGE = Duration.ofSeconds(10);

  /** Public keys only: with a shared secret, whoever verifies tokens can also forge them. */
  private static final Set<String> KINDS = Set.of("RSA", "EC", "OKP");

  private final Vertx vertx;
  private final OidcConfig config;
  private final String issuer;
  private final ProviderDocuments documents;
  private final Clock clock;
  private final CachedValue<Keys> keys;
  private volatile @Nullable Keys last;

  SigningKeys(Vertx vertx, OidcConfig config, Clock clock) {
    this.vertx = vertx;
    this.config = config;
    this.issuer = config.issuer().orElseThrow();
    this.clock = clock;
    // The provider may be a third party, which must not see our trace ids.
    documents =
        new ProviderDocuments(new RetryingClient(vertx, config, TracingPolicy.IGNORE), issuer);
    keys = new CachedValue<>(this::fetch, clock);
  }

  /** The verifier of signatures, and the names of its keys. */
  record Keys(JWTAuth checker, Set<String> names, long fetchedMillis) {}

  /** The keys, fetched again if none has that name. */
  Future<Keys> with(@Nullable String name) {
    return keys.get()
        .compose(
            found -> {
              if (name == null || found.names().contains(name) || isYoung(found)) {
                return Future.succeededFuture(found);
              }
              keys.forget(found);
              return keys.get();
            });
  }

  private boolean isYoung(Keys found) {
    return clock.millis() - found.fetchedMillis() < LEAST_AGE.toMillis();
  }

  private Future<CachedValue.Dated<Keys>> fetch() {
    return documents
        .discovery()
        .map(found -> Url.parse(Objects.requireNonNull(found.getString("jwks_uri"), "jwks_uri")))
        .compose(documents::get)
        .map(this::read)
        .recover(this::keepLast);
  }

  private CachedValue.Dated<Keys> read(JsonObject set) {
    var options =
        new JWTAuthOptions()
            .setJWTOptions(
                new JWTOptions()
                    .setIssuer(issuer)
                    .setAudience(List.of(config.audience()))
                    .setLeeway(Math.toIntExact(config.clockLeeway().toSeconds())));
    var names = new HashSet<String>();
    var usable = new ArrayList<JsonObject>();
    for (var each : set.getJsonArray("keys", new JsonArray())) {
      if (each instanceof JsonObject key
          && KINDS.contains(key.getString("kty"))
          && !"enc".equals(key.getString("use"))) {
        usable.add(key);
        names.add(key.getString("kid", ""));
      }
    }
    if (usable.isEmpty()) {
      throw new IllegalStateException("the provider has no keys");
    }
    usable.forEach(options::addJwk);
    var found = new Keys(JWTAuth.create(vertx, options), names, clock.millis());
    last = found;
    return new CachedValue.Dated<>(found, clock.instant().plus(config.keysTtl()));
  }

  private Future<CachedValue.Dated<Keys>> keepLast(Throwable failure) {
    log.atWarn()
        .addKeyValue("error", failure.getMessage())
        .log("Cannot fetch the signing keys of the OpenID provider");
    var known = last;
    return known == null
        ? Tokens.unavailable("The identity service does not answer; try again later.")
        : Future.succeededFuture(new CachedValue.Dated<>(known, clock.instant().plus(LEAST_AGE)));
  }
}
