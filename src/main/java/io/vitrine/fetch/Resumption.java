package io.vitrine.fetch;

import java.time.Duration;

/**
 * How broken transfers are resumed.
 *
 * @param maxResumes in total, 0 for never
 * @param maxFruitless in succession without receiving a byte, 1 or more
 * @param pause before the first; it doubles while nothing arrives, up to {@link #LONGEST_PAUSE}
 * @param least the rate below which a transfer is given up
 */
public record Resumption(int maxResumes, int maxFruitless, Duration pause, MinimumRate least) {
  /** The upper bound of pauses. */
  public static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** Without a least rate. */
  public Resumption(int maxResumes, int maxFruitless, Duration pause) {
    this(maxResumes, maxFruitless, pause, MinimumRate.ANY);
  }

  /** Checks the ranges. */
  public Resumption {
    if (maxResumes < 0 || maxFruitless < 1 || pause.toMillis() < 1) {
      throw new IllegalArgumentException("out of range");
    }
  }

  /** Tolerates servers that break often, but not those that are gone. */
  public static Resumption defaults() {
    return new Resumption(100, 3, Duration.ofSeconds(1));
  }

  boolean permits(int resumes, int fruitless) {
    return resumes < maxResumes && fruitless < maxFruitless;
  }

  Duration pauseAfter(int fruitless) {
    var doubled = pause.multipliedBy(1L << Math.min(fruitless, 16));
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }
}
