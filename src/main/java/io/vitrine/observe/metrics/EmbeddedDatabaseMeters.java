package io.vitrine.observe.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** Meters of the embedded database, {@code vitrine_embedded_database_…}. */
public final class EmbeddedDatabaseMeters {
  private final MeterRegistry registry;

  /** Meters in the given registry. */
  public EmbeddedDatabaseMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Counts restarts of the database, as long as the object is reachable. */
  public <T> void restarts(T database, ToDoubleFunction<T> count) {
    FunctionCounter.builder("vitrine.embedded.database.restarts", database, count)
        .description("Restarts of the embedded PostgreSQL")
        .register(registry);
  }
}
