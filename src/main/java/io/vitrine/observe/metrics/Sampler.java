package io.vitrine.observe.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** Takes samples of a process's meters for its operator: the few that tell how it is. */
public final class Sampler {
  /**
   * What is sampled.
   *
   * @param isRate whether the meter only grows, and its growth per second is the value
   */
  private record Series(String name, boolean isRate, ToDoubleFunction<MeterRegistry> value) {}

  private static final List<Series> SERIES =
      List.of(
          rate("requests", registry -> requests(registry, status -> true)),
          rate("faults", registry -> requests(registry, status -> status.startsWith("5"))),
          rate("received_bytes", registry -> counted(registry, "vertx.http.server.bytes.read")),
          rate("sent_bytes", registry -> counted(registry, "vertx.http.server.bytes.written")),
          gauge("uploads", registry -> transfers(registry, "in")),
          gauge("downloads", registry -> transfers(registry, "out")),
          gauge("waiting_imports", registry -> gauged(registry, "vitrine.import.queue.depth")),
          gauge("running_imports", registry -> gauged(registry, "vitrine.import.active")),
          rate("cache_hits", registry -> counted(registry, "vitrine.cache.hits")),
          rate("cache_misses", registry -> counted(registry, "vitrine.cache.misses")),
          gauge("processor", registry -> gauged(registry, "process.cpu.usage")),
          gauge("heap_bytes", Sampler::heap));

  private final MeterRegistry registry;
  private final Clock clock;
  private final SampleRing ring;
  private double[] before = new double[0];
  private long beforeMillis;

  /** A sampler that has taken no sample. */
  public Sampler(MeterRegistry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
    this.ring = new SampleRing(SERIES.stream().map(Series::name).toList(), SampleRing.CAPACITY);
  }

  /** The samples that were taken. */
  public SampleRing ring() {
    return ring;
  }

  /** Takes a sample. The first call only remembers what rates are computed from. */
  public synchronized void take() {
    long now = clock.millis();
    var totals = SERIES.stream().mapToDouble(each -> each.value.applyAsDouble(registry)).toArray();
    if (before.length > 0 && now > beforeMillis) {
      var sample = new double[totals.length];
      for (int i = 0; i < totals.length; i++) {
        sample[i] = SERIES.get(i).isRate ? growth(i, totals[i], now) : totals[i];
      }
      ring.add(now / 1000, sample);
    }
    before = totals;
    beforeMillis = now;
  }

  private double growth(int series, double total, long now) {
    return Math.max(0, total - before[series]) * 1000 / (now - beforeMillis);
  }

  private static Series rate(String name, ToDoubleFunction<MeterRegistry> value) {
    return new Series(name, true, value);
  }

  private static Series gauge(String name, ToDoubleFunction<MeterRegistry> value) {
    return new Series(name, false, value);
  }

  private static double requests(MeterRegistry registry, Predicate<String> status) {
    return registry.find("vitrine.http.request").timers().stream()
        .filter(timer -> status.test(String.valueOf(timer.getId().getTag("status"))))
        .mapToDouble(Timer::count)
        .sum();
  }

  private static double counted(MeterRegistry registry, String name) {
    return registry.find(name).counters().stream().mapToDouble(Counter::count).sum();
  }

  private static double transfers(MeterRegistry registry, String direction) {
    return sum(registry.find("vitrine.transfer.active").tag("direction", direction).gauges());
  }

  private static double gauged(MeterRegistry registry, String name) {
    return sum(registry.find(name).gauges());
  }

  private static double heap(MeterRegistry registry) {
    return sum(registry.find("jvm.memory.used").tag("area", "heap").gauges());
  }

  /** The sum of those that have a value: a gauge of something that is gone has none. */
  private static double sum(Collection<Gauge> gauges) {
    return gauges.stream().mapToDouble(Gauge::value).filter(Double::isFinite).sum();
  }
}
