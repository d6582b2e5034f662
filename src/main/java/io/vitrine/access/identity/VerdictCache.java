package io.vitrine.access.identity;

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
 * Caches verdicts by the digests of tokens, never the tokens themselves. Concurrent callers with
 * the same token share one request. Safe for use by several threads.
 */
final class VerdictCache {
  private static final Duration REFUSED_TTL = Duration.ofSeconds(5);

  private final AsyncCache<Key, Verdict> verdicts;
  private final Clock clock;

  VerdictCache(Duration ttl, int size, Clock clock) {
    this.clock = clock;
    verdicts =
        Caffeine.newBuilder()
            .maximumSize(size)
            .expireAfter(Expiry.<Key, Verdict>creating((key, verdict) -> life(key, verdict, ttl)))
            .buildAsync();
  }

  /**
   * The cached verdict, or else that of the source.
   *
   * @param mayHaveExpired whether an expired token is acceptable
   */
  CompletableFuture<Verdict> get(
      String token, boolean mayHaveExpired, Supplier<Future<Verdict>> source) {
    return verdicts.get(
        new Key(sha256(token), mayHaveExpired),
        (key, executor) -> source.get().toCompletionStage().toCompletableFuture());
  }

  /** The number of cached tokens. */
  long size() {
    verdicts.synchronous().cleanUp();
    return verdicts.synchronous().estimatedSize();
  }

  private Duration life(Key key, Verdict verdict, Duration ttl) {
    return switch (verdict) {
      case Verdict.Accepted it when key.mayHaveExpired() -> ttl;
      case Verdict.Accepted(var token) ->
          shorter(ttl, Duration.between(clock.instant(), token.expiresAt()));
      case Verdict.Refused it -> shorter(ttl, REFUSED_TTL);
      case Verdict.Unknown it -> Duration.ZERO;
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
