package io.vitrine.access.keystone;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.vertx.core.Future;
import io.vitrine.image.HashAlgorithm;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Caches validations by the digests of tokens, never the tokens themselves. Concurrent callers with
 * the same token share one request. Safe for use by several threads.
 */
final class TokenCache {
  private static final Duration REFUSED_TTL = Duration.ofSeconds(5);

  private final AsyncCache<Key, TokenValidation> validations;
  private final Clock clock;

  TokenCache(Duration ttl, int size, Clock clock) {
    this.clock = clock;
    validations =
        Caffeine.newBuilder()
            .maximumSize(size)
            .expireAfter(
                Expiry.<Key, TokenValidation>creating(
                    (key, validation) -> life(key, validation, ttl)))
            .buildAsync();
  }

  /**
   * The cached validation, or else that of the source.
   *
   * @param mayHaveExpired whether an expired token is acceptable
   */
  CompletableFuture<TokenValidation> get(
      String token, boolean mayHaveExpired, Supplier<Future<TokenValidation>> source) {
    return validations.get(
        new Key(sha256(token), mayHaveExpired),
        (key, executor) -> source.get().toCompletionStage().toCompletableFuture());
  }

  /** The number of cached tokens. */
  long size() {
    validations.synchronous().cleanUp();
    return validations.synchronous().estimatedSize();
  }

  private Duration life(Key key, TokenValidation validation, Duration ttl) {
    return switch (validation) {
      case TokenValidation.Accepted it when key.mayHaveExpired() -> ttl;
      case TokenValidation.Accepted(var token) ->
          shorter(ttl, Duration.between(clock.instant(), token.expiresAt()));
      case TokenValidation.Refused it -> shorter(ttl, REFUSED_TTL);
      case TokenValidation.Unknown it -> Duration.ZERO;
    };
  }

  private static Duration shorter(Duration one, Duration other) {
    var least = one.compareTo(other) < 0 ? one : other;
    return least.isNegative() ? Duration.ZERO : least;
  }

  private static String sha256(String token) {
    return HexFormat.of().formatHex(HashAlgorithm.SHA256.begin().digest(token.getBytes(US_ASCII)));
  }

  private record Key(String sha256, boolean mayHaveExpired) {}
}
