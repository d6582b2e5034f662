package io.vitrine.api.status;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that takes much work: whoever asks within a while gets the same one, and all who wait
 * share one question. A failure is not kept. Thread-safe.
 */
final class Remembered<T> {
  private final Supplier<Future<T>> question;
  private final Duration ttl;
  private final Clock clock;
  private @Nullable Future<Dated<T>> answer;
  private Instant askedAt = Instant.MIN;

  /** Remembers answers for so long. */
  Remembered(Supplier<Future<T>> question, Duration ttl, Clock clock) {
    this.question = question;
    this.ttl = ttl;
    this.clock = clock;
  }

  /** An answer, and when the question was asked. */
  record Dated<T>(T value, Instant at) {}

  /** The answer, on the caller's context. */
  Future<Dated<T>> get(Vertx vertx) {
    return Future.fromCompletionStage(shared().toCompletionStage(), vertx.getOrCreateContext());
  }

  private synchronized Future<Dated<T>> shared() {
    var known = answer;
    var now = clock.instant();
    boolean isUsable =
        known != null
            && !known.failed()
            && (!known.isComplete() || now.isBefore(askedAt.plus(ttl)));
    if (known != null && isUsable) {
      return known;
    }
    var asked = question.get().map(value -> new Dated<>(value, now));
    answer = asked;
    askedAt = now;
    return asked;
  }
}
