package io.vitrine.format.differential;

import java.util.List;
import java.util.Random;

/** Random choices that a seed determines. */
final class Dice {
  private static final int SECTOR_BYTES = 512;

  private final Random random;

  Dice(long seed) {
    // Neighbouring seeds of this class begin with nearly the same numbers.
    random = new Random(seed * 0x9e3779b97f4a7c15L);
    random.nextLong();
  }

  /** Whether something happens that has this probability, in percent. */
  boolean percent(int chance) {
    return random.nextInt(100) < chance;
  }

  /** A number from zero up to but without a bound, which may be zero for zero. */
  long below(long bound) {
    return bound <= 0 ? 0 : random.nextLong(bound);
  }

  /** A number between two, both of them possible. */
  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  /** A number up to and including a bound, small ones as often as large ones. */
  long scaledUpTo(long bound) {
    return bound <= 0
        ? 0
        : 1 + below(Math.min(bound, 1L << between(0, 64 - Long.numberOfLeadingZeros(bound))));
  }

  /** One of several. */
  @SafeVarargs
  final <T> T oneOf(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** One of several. */
  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** Rounds down to a sector, or mostly so. */
  long mostlyAligned(long offset) {
    return percent(80) ? offset / SECTOR_BYTES * SECTOR_BYTES : offset;
  }

  /** Fills an array. */
  byte[] bytes(int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
