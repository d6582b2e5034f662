package io.vitrine.observe.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Meters of the import queue that all workers share, {@code vitrine_import_…}. Every process
 * reports them, so that workers can be scaled up from zero.
 */
public final class QueueMeters {
  private volatile long waiting;
  private volatile double oldestSeconds;

  /** Meters in the given registry. */
  public QueueMeters(MeterRegistry registry) {
    Gauge.builder("vitrine.import.queue.depth", this, meters -> meters.waiting)
        .description("Imports waiting for a worker")
        .register(registry);
    Gauge.builder("vitrine.import.oldest.task.age", this, meters -> meters.oldestSeconds)
        .description("Age of the oldest waiting import")
        .baseUnit("seconds")
        .register(registry);
  }

  /** Sets the waiting tasks and the age of the oldest; 0 seconds if there is none. */
  public void backlog(long newWaiting, double newOldestSeconds) {
    waiting = newWaiting;
    oldestSeconds = newOldestSeconds;
  }
}
