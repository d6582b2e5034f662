package io.vitrine.fetch;

import java.time.Duration;

/**
 * The least rate of a transfer, over all its connections. Without it, a server that sends a byte
 * now and then would hold its slot for ever.
 *
 * @param bytesPerSecond the average over each window, 0 for no limit
 * @param window of time spent waiting for the server
 * @param timeLimit of the whole transfer
 */
public record MinimumRate(long bytesPerSecond, Duration window, Duration timeLimit) {
  /** No least rate; a year at most. */
  public static final MinimumRate ANY =
      new MinimumRate(0, Duration.ofMinutes(1), Duration.ofDays(365));

  /** Checks the ranges. */
  public MinimumRate {
    if (bytesPerSecond < 0 || window.toMillis() < 1 || timeLimit.toMillis() < 1) {
      throw new IllegalArgumentException("out of range");
    }
  }
}
