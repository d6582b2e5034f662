package io.vitrine.format.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Images that are spoiled at random are read or refused, and nothing else. -Dfuzz.tries= raises the
 * number of spoiled copies of each format; -Dfuzz.seed= gives others.
 */
class SpoiledImagesTest {
  private static final int TRIES = Integer.getInteger("fuzz.tries", 1000);
  private static final int SEED = Integer.getInteger("fuzz.seed", 1);

  @ParameterizedTest
  @EnumSource
  void readsSamples(Subject subject) throws IOException {
    for (var sample : subject.samples()) {
      assertThat(subject.tries(sample)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void failsOnlyAsInvalidImage(Subject subject) throws IOException {
    var samples = subject.samples();
    int sound = 0;
    for (int number = 0; number < TRIES; number++) {
      sound += isSound(subject, samples, number) ? 1 : 0;
    }
    // Neither do all of them fail by the first field, nor is hardly any of them spoiled.
    assertThat(sound).isBetween(TRIES / 50, TRIES - TRIES / 50);
  }

  private static boolean isSound(Subject subject, List<byte[]> samples, int number)
      throws IOException {
    var random = new Random(((long) SEED << 32) + number);
    int sample = number % samples.size();
    try {
      return subject.tries(Mutation.of(samples.get(sample), random));
    } catch (RuntimeException | Error | IOException failure) {
      throw new AssertionError("copy %d, of sample %d".formatted(number, sample), failure);
    }
  }
}
