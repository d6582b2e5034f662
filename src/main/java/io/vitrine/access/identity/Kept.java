package io.vitrine.access.identity;

import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is fetched when it is first needed and kept until it is too old. Whoever asks while
 * it is being fetched waits for that. A failure is kept for a moment too, so that a service which
 * refuses is not asked again by every caller. Safe for use by several threads.
 */
final class Kept<T> {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Supplier<Future<Dated<T>>> source;
  private final Clock clock;
  private @Nullable Future<T> current;
  private Instant usableUntil = Instant.MAX;

  Kept(Supplier<Future<Dated<T>>> source, Clock clock) {
    this.source = source;
    this.clock = clock;
  }

  /** A value and when to fetch another. */
  record Dated<T>(T value, Instant usableUntil) {}

  synchronized Future<T> get() {
    if (current != null && clock.instant().isBefore(usableUntil)) {
      return current;
    }
    usableUntil = Instant.MAX;
    current =
        source
            .get()
            .map(
                fetched -> {
                  use(fetched.usableUntil());
                  return fetched.value();
                })
            .onFailure(failure -> use(clock.instant().plus(PAUSE)));
    return current;
  }

  /** Has another one fetched, unless this one has been replaced already. */
  synchronized void forget(T value) {
    if (current != null && current.succeeded() && value.equals(current.result())) {
      current = null;
    }
  }

  private synchronized void use(Instant until) {
    usableUntil = until;
  }
}
