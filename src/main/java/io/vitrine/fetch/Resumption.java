package io.vitrine.fetch;

import java.time.Duration;

/**
 * How often and when a broken transfer is taken up again.
 *
 * @param maxResumes in all, 0 for never
 * @param maxFruitless in a row without a single byte, 1 or more
 * @param pause before the first one; it doubles while nothing comes, up to {@link #LONGEST_PAUSE}
 * @param pace what it must achieve all the same
 */
public record Resumption(int maxResumes, int maxFruitless, Duration pause, Pace pace) {
  /** No pause is longer. */
  public static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** At any pace. */
  public Resumption(int maxResumes, int maxFruitless, Duration pause) {
    this(maxResumes, maxFruitless, pause, Pace.ANY);
  }

  /** Checks the ranges. */
  public Resumption {
    if (maxResumes < 0 || maxFruitless < 1 || pause.toMillis() < 1) {
      throw new IllegalArgumentException("out of range");
    }
  }

  /** Patient with servers that break often, impatient with those that are gone. */
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
