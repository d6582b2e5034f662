package io.vitrine.observe.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.BooleanSupplier;

/** Meters of this node's stores, {@code vitrine_store_…}. */
public final class StoreMeters {
  private final MeterRegistry registry;

  /** Meters in the given registry. */
  public StoreMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Gauges whether a store is up. */
  public void watch(String store, BooleanSupplier isUp) {
    Gauge.builder("vitrine.store.up", () -> isUp.getAsBoolean() ? 1 : 0)
        .description("Whether the store works")
        .tag("store", store)
        .strongReference(true)
        .register(registry);
  }
}
