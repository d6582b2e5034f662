package io.vitrine.access.identity;

import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is fetched on first use and cached until it expires. Concurrent callers share one
 * fetch. Failures are cached briefly too, so that a service which refuses is not asked again by
 * every caller. Safe for use by several threads.
 */
public final class CachedValue<T> {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Supplier<Future<Dated<T>>> source;
  private final Clock clock;
  private @Nullable Future<T> current;
  private Instant usableUntil = Instant.MAX;

  public CachedValue(Supplier<Future<Dated<T>>> source, Clock clock) {
    this.source = source;
    this.clock = clock;
  }

  /** A value and the time until which it may be used. */
  public record Dated<T>(T value, Instant usableUntil) {}

  public synchronized Future<T> get() {
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

  /** Drops the value, unless another one has replaced it already. */
  public synchronized void forget(T value) {
    if (current != null && current.succeeded() && value.equals(current.result())) {
      current = null;
    }
  }

  private synchronized void use(Instant until) {
    usableUntil = until;
  }
}
