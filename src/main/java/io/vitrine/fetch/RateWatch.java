package io.vitrine.fetch;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Watches the rate of one transfer. Time in which the reader pauses does not count: a slow disk is
 * not the server's fault.
 */
final class RateWatch {
  private static final int LOOKS_PER_WINDOW = 10;
  private static final long LONGEST_MILLIS = 10_000;

  private final MinimumRate least;
  private final long startNanos;
  private long lookedNanos;
  private long awaitedNanos;
  private long bytes;

  RateWatch(MinimumRate least, long nowNanos) {
    this.least = least;
    this.startNanos = nowNanos;
    this.lookedNanos = nowNanos;
  }

  /** The interval between calls of {@link #look}. */
  long intervalMillis() {
    return Math.clamp(least.window().toMillis() / LOOKS_PER_WINDOW, 1, LONGEST_MILLIS);
  }

  void received(int count) {
    bytes += count;
  }

  /**
   * The reason why the transfer is too slow; empty if it is not. A window without any data is left
   * to the read timeout, after which the transfer may be resumed.
   *
   * @param isAwaited whether the reader is waiting for data
   */
  Optional<String> look(boolean isAwaited, long nowNanos) {
    awaitedNanos += isAwaited ? nowNanos - lookedNanos : 0;
    lookedNanos = nowNanos;
    if (nowNanos - startNanos > least.timeLimit().toNanos()) {
      return Optional.of(
          "The transfer takes longer than the %d seconds allowed."
              .formatted(least.timeLimit().toSeconds()));
    }
    if (awaitedNanos < least.window().toNanos()) {
      return Optional.empty();
    }
    double seconds = (double) awaitedNanos / TimeUnit.SECONDS.toNanos(1);
    long found = bytes;
    awaitedNanos = 0;
    bytes = 0;
    return found > 0 && found < least.bytesPerSecond() * seconds
        ? Optional.of(
            ("The server sends too slowly: %d bytes in %.1f seconds; the minimum is %d bytes"
                    + " per second.")
                .formatted(found, seconds, least.bytesPerSecond()))
        : Optional.empty();
  }
}
