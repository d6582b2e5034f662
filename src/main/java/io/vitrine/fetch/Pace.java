package io.vitrine.fetch;

import java.time.Duration;

/**
 * The least that a transfer must achieve, over all its connections. A server that sends a byte now
 * and then would hold its place for ever otherwise; the rate bounds the time by the size.
 *
 * @param bytesPerSecond on average over each window, 0 for any
 * @param window of time that the server is waited for
 * @param timeLimit of all of it
 */
public record Pace(long bytesPerSecond, Duration window, Duration timeLimit) {
  /** However slow. */
  public static final Pace ANY = new Pace(0, Duration.ofMinutes(1), Duration.ofDays(365));

  /** Checks the ranges. */
  public Pace {
    if (bytesPerSecond < 0 || window.toMillis() < 1 || timeLimit.toMillis() < 1) {
      throw new IllegalArgumentException("out of range");
    }
  }
}
