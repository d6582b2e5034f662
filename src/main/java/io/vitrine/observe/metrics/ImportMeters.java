package io.vitrine.observe.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Imports of this worker, {@code vitrine_import_…}. */
public final class ImportMeters {
  private final MeterRegistry registry;
  private final AtomicInteger active = new AtomicInteger();

  /** Meters of a registry. */
  public ImportMeters(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("vitrine.import.active", active, AtomicInteger::get)
        .description("Imports that this worker is working on")
        .register(registry);
  }

  /** Bytes that a step, such as downloading, has dealt with. */
  public void moved(String step, long bytes) {
    if (bytes > 0) {
      Counter.builder("vitrine.import.bytes")
          .description("Bytes that steps of imports have dealt with")
          .tag("step", step.toLowerCase(Locale.ROOT))
          .register(registry)
          .increment((double) bytes);
    }
  }

  /** An attempt that begins now. */
  public Attempt begin() {
    active.incrementAndGet();
    return new Attempt(Timer.start());
  }

  /** One attempt, to be told how it ended. */
  public final class Attempt {
    private final Timer.Sample sample;

    private Attempt(Timer.Sample sample) {
      this.sample = sample;
    }

    /**
     * Ends with success, failure, released (to be tried again), handed on (fetched, with no room
     * here to go on) or lost (to another worker, or deleted).
     */
    public void end(String outcome) {
      active.decrementAndGet();
      sample.stop(
          Timer.builder("vitrine.import")
              .description("Duration of attempts to import")
              .tag("outcome", outcome)
              .register(registry));
    }
  }
}
