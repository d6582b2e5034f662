package io.vitrine.observe.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final long START = 1_800_000_000;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochSecond(START));
  private final Sampler sampler = new Sampler(registry, clock());

  private Clock clock() {
    InstantSource source = now::get;
    return source.withZone(ZoneOffset.UTC);
  }

  private void take(long secondsLater) {
    now.updateAndGet(time -> time.plusSeconds(secondsLater));
    sampler.take();
  }

  private List<Double> series(String name) {
    return sampler.ring().after(0).series().getOrDefault(name, List.of());
  }

  @Test
  void tellsTheGrowthOfCountersPerSecond() {
    var requests = new RequestMeters(registry);
    requests.ended(new RequestMeters.Kind("/v2/images", "GET", "200"), 1);
    take(0);

    for (int i = 0; i < 30; i++) {
      requests.ended(new RequestMeters.Kind("/v2/images", "GET", i % 3 == 0 ? "503" : "200"), 1);
    }
    take(10);
    take(5);

    assertThat(series("requests")).containsExactly(3.0, 0.0);
    assertThat(series("faults")).containsExactly(1.0, 0.0);
    assertThat(sampler.ring().after(0).seconds()).containsExactly(START + 10, START + 15);
  }

  @Test
  void tellsGaugesAsTheyAre() {
    var transfers = new TransferMeters(registry);
    var queue = new QueueMeters(registry);
    take(0);
    transfers.upload();
    transfers.upload();
    transfers.download();
    queue.backlog(7, 1);

    take(10);

    assertThat(series("uploads")).containsExactly(2.0);
    assertThat(series("downloads")).containsExactly(1.0);
    assertThat(series("waiting_imports")).containsExactly(7.0);
  }

  @Test
  void hasNothingToTellAtFirstAndWhenTheClockStandsStill() {
    take(0);
    take(0);

    assertThat(sampler.ring().after(0).seconds()).isEmpty();
    assertThat(series("requests")).isEmpty();
  }

  @Test
  void keepsSixHours() {
    assertThat(SampleRing.INTERVAL.multipliedBy(SampleRing.CAPACITY))
        .isEqualTo(Duration.ofHours(6));
  }
}
