package io.vitrine.observe.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SampleRingTest {
  private final SampleRing ring = new SampleRing(List.of("a", "b"), 3);

  @Test
  void keepsTheLastSamples() {
    for (int i = 1; i <= 5; i++) {
      ring.add(i, i * 10, i * 100);
    }

    var samples = ring.after(0);

    assertThat(samples.seconds()).containsExactly(3L, 4L, 5L);
    assertThat(samples.series().get("a")).containsExactly(30.0, 40.0, 50.0);
    assertThat(samples.series().get("b")).containsExactly(300.0, 400.0, 500.0);
  }

  @Test
  void tellsOnlyLaterOnesIfAsked() {
    ring.add(1, 1, 1);
    ring.add(2, 2, 2);

    assertThat(ring.after(1).seconds()).containsExactly(2L);
    assertThat(ring.after(2).series()).containsOnlyKeys("a", "b");
    assertThat(ring.after(2).series().get("a")).isEmpty();
  }
}
