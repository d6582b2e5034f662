package io.vitrine.observe.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;

/** Meters of the database as seen by this process, {@code vitrine_database_…}. */
public final class DatabaseMeters {
  private final MeterRegistry registry;

  /** Meters in the given registry. */
  public DatabaseMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Gauges whether the database is up. */
  public void watch(BooleanSupplier isUp) {
    Gauge.builder("vitrine.database.up", () -> isUp.getAsBoolean() ? 1 : 0)
        .description("Whether the database answers and accepts writes")
        .strongReference(true)
        .register(registry);
  }

  /** Gauges the version of the schema; the result sets it. It is 0 until then. */
  public IntConsumer schemaVersion() {
    var version = new AtomicInteger();
    Gauge.builder("vitrine.database.schema.version", version, AtomicInteger::get)
        .description("Version of the database schema")
        .strongReference(true)
        .register(registry);
    return version::set;
  }

  /** A counter of failures of one kind; each run adds one. */
  public Runnable failures(String kind) {
    return Counter.builder("vitrine.database.failures")
            .description("Statements and transactions that failed because of the database")
            .tag("kind", kind)
            .register(registry)
        ::increment;
  }

  /** The meters of a pool of connections. */
  public OfPool of(String pool) {
    return new OfPool(registry, pool);
  }

  /** Meters of a connection pool. */
  public static final class OfPool {
    private final MeterRegistry registry;
    private final String pool;
    private final Counter refused;

    private OfPool(MeterRegistry registry, String pool) {
      this.registry = registry;
      this.pool = pool;
      this.refused =
          Counter.builder("vitrine.database.refused")
              .description(
                  "Requests refused because the queue for connections was full or too slow")
              .tag("pool", pool)
              .register(registry);
    }

    /** Gauges the connections in use and the requests waiting for one. */
    public void watch(IntSupplier used, IntSupplier waiting) {
      gauge("vitrine.database.connections.used", "Connections in use", used);
      gauge("vitrine.database.waiting", "Requests waiting for a connection", waiting);
    }

    private void gauge(String name, String description, IntSupplier value) {
      Gauge.builder(name, value::getAsInt)
          .description(description)
          .tag("pool", pool)
          .strongReference(true)
          .register(registry);
    }

    /** Counts a request that the pool refused. */
    public void refused() {
      refused.increment();
    }
  }
}
