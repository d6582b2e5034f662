package io.vitrine.cli.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressBarTest {
  private static final long MIB = 1 << 20;

  /** Near its overflow, as a JVM's may be. */
  private long nanos = Long.MAX_VALUE - 7;

  @Test
  void beginsWithoutSpeed() {
    assertThat(bar(100 * MIB).at(0))
        .isEqualTo("  0 % [------------------------------]      0.0 MiB/s  -:--:-- left");
  }

  @Test
  void tellsSpeedAndTimeLeft() {
    var bar = bar(1000 * MIB);

    pass(4);

    assertThat(bar.at(250 * MIB))
        .isEqualTo(" 25 % [#######-----------------------]     62.5 MiB/s  0:00:12 left");
  }

  @Test
  void forgetsHowItBegan() {
    var bar = bar(100_000 * MIB);
    for (int second = 1; second <= 20; second++) {
      pass(1);
      bar.at(100 * MIB);
    }

    for (int second = 1; second <= 10; second++) {
      pass(1);
      bar.at((100 + 5 * second) * MIB);
    }

    assertThat(bar.at(150 * MIB)).contains("      5.0 MiB/s  5:32:50 left");
  }

  @Test
  void endsFull() {
    var bar = bar(10 * MIB);

    pass(1);

    assertThat(bar.at(10 * MIB))
        .isEqualTo("100 % [##############################]     10.0 MiB/s  0:00:00 left");
  }

  @Test
  void isFullForAnEmptyDisk() {
    assertThat(bar(0).at(0)).startsWith("100 % [####").endsWith("-:--:-- left");
  }

  @Test
  void doesNotGuessBeyondDays() {
    var bar = bar(Long.MAX_VALUE);

    pass(1);

    assertThat(bar.at(1)).startsWith("  0 %").endsWith(" -:--:-- left");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, MIB, Long.MAX_VALUE / 2, Long.MAX_VALUE})
  void fitsItsColumns(long doneBytes) {
    var bar = bar(Long.MAX_VALUE);

    nanos++;

    assertThat(bar.at(doneBytes)).hasSizeLessThanOrEqualTo(ProgressBar.COLUMNS);
  }

  private ProgressBar bar(long totalBytes) {
    return new ProgressBar(totalBytes, () -> nanos);
  }

  private void pass(int seconds) {
    nanos += TimeUnit.SECONDS.toNanos(seconds);
  }
}
