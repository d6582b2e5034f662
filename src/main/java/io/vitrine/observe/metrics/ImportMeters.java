package io.vitrine.observe.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Meters of this worker's imports, {@code vitrine_import_…}, and of its conversion. */
public final class ImportMeters {
  private final MeterRegistry registry;
  private final AtomicInteger active = new AtomicInteger();

  /** Meters in the given registry. */
  public ImportMeters(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("vitrine.import.active", active, AtomicInteger::get)
        .description("Imports running on this worker")
        .register(registry);
  }

  /**
   * Gauges whether a protection holds while an engine converts images.
   *
   * @param kind of protection, such as no network
   */
  public void isolation(String engine, String kind, boolean holds) {
    Gauge.builder("vitrine.conversion.isolation", () -> holds ? 1 : 0)
        .description("Whether a protection holds while images are converted")
        .tag("engine", engine)
        .tag("kind", kind)
        .strongReference(true)
        .register(registry);
  }

  /** Counts bytes processed by a step, such as downloading. */
  public void moved(String step, long bytes) {
    if (bytes > 0) {
      Counter.builder("vitrine.import.bytes")
          .description("Bytes processed by the steps of imports")
          .tag("step", step.toLowerCase(Locale.ROOT))
          .register(registry)
          .increment((double) bytes);
    }
  }

  /** Starts measuring an attempt. */
  public Attempt begin() {
    active.incrementAndGet();
    return new Attempt(Timer.start());
  }

  /** One attempt, until it ends. */
  public final class Attempt {
    private final Timer.Sample sample;

    private Attempt(Timer.Sample sample) {
      this.sample = sample;
    }

    /**
     * Ends the attempt.
     *
     * @param outcome success, failure, released (for a retry), handed on (staged, but no room here
     *     to continue) or lost (to another worker, or deleted)
     */
    public void end(String outcome) {
      active.decrementAndGet();
      sample.stop(
          Timer.builder("vitrine.import")
              .description("Duration of import attempts")
              .tag("outcome", outcome)
              .register(registry));
    }
  }
}
