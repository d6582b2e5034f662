package io.vitrine.observe.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Meters of the process as a whole. */
public final class ProcessMeters {
  private final MeterRegistry registry;

  /** Meters in the given registry. */
  public ProcessMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Gauges whether the process is ready, as {@code /health/ready} answers. */
  public void watch(Health health) {
    Gauge.builder("vitrine.ready", () -> health.obstacle().isEmpty() ? 1 : 0)
        .description("Whether the process is ready, as /health/ready answers")
        .strongReference(true)
        .register(registry);
  }

  /** Tells the program's version and the commit that it was built from. */
  public void build(String version, String revision) {
    Gauge.builder("vitrine.build.info", () -> 1)
        .description("The program that runs; always 1")
        .tag("version", version)
        .tag("revision", revision)
        .strongReference(true)
        .register(registry);
  }
}
