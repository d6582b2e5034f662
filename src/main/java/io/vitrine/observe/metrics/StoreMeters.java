package io.vitrine.observe.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.BooleanSupplier;

/** The stores of this node, {@code vitrine_store_…}. */
public final class StoreMeters {
  private final MeterRegistry registry;

  /** Meters of a registry. */
  public StoreMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Measures whether a store works. */
  public void watch(String store, BooleanSupplier isUp) {
    Gauge.builder("vitrine.store.up", () -> isUp.getAsBoolean() ? 1 : 0)
        .description("Whether the store works")
        .tag("store", store)
        .strongReference(true)
        .register(registry);
  }
}
