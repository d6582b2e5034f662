package io.vitrine.observe.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** The embedded database, {@code vitrine_embedded_database_…}. */
public final class EmbeddedDatabaseMeters {
  private final MeterRegistry registry;

  /** Meters of a registry. */
  public EmbeddedDatabaseMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Counts how often a database had to be started again, for as long as it is reachable. */
  public <T> void restarts(T database, ToDoubleFunction<T> count) {
    FunctionCounter.builder("vitrine.embedded.database.restarts", database, count)
        .description("How often the embedded PostgreSQL was started again after it had ended")
        .register(registry);
  }
}
