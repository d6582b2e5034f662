package io.vitrine.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateWatchTest {
  private final RateWatch watch =
      new RateWatch(new MinimumRate(100, Duration.ofSeconds(10), Duration.ofMinutes(10)), 0);

  private static long at(long seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void letsPassWhatIsFastEnoughOnAverage() {
    watch.received(1000);
    assertThat(watch.look(true, at(5))).isEmpty();
    assertThat(watch.look(true, at(10))).isEmpty();
  }

  @Test
  void tellsHowSlowItWas() {
    watch.received(10);
    assertThat(watch.look(true, at(9))).isEmpty();
    assertThat(watch.look(true, at(10)))
        .hasValue(
            "The server sends too slowly: 10 bytes in 10.0 seconds; the minimum is 100 bytes per second.");
  }

  @Test
  void doesNotCountTheTimeOfASlowReader() {
    watch.received(10);
    assertThat(watch.look(false, at(100))).isEmpty();
    assertThat(watch.look(true, at(109))).isEmpty();
    assertThat(watch.look(true, at(110))).isPresent();
  }

  @Test
  void leavesSilenceToTheTimeOfEachPiece() {
    assertThat(watch.look(true, at(60))).isEmpty();
  }

  @Test
  void boundsTheWholeTransfer() {
    assertThat(watch.look(false, at(601)))
        .hasValue("The transfer takes longer than the 600 seconds allowed.");
  }
}
