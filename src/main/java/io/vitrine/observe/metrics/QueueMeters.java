package io.vitrine.observe.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * The one queue of imports that all workers share, {@code vitrine_import_…}. Every process reports
 * it, so that workers can be scaled from none.
 */
public final class QueueMeters {
  private volatile long waiting;
  private volatile double oldestSeconds;

  /** Meters of a registry. */
  public QueueMeters(MeterRegistry registry) {
    Gauge.builder("vitrine.import.queue.depth", this, meters -> meters.waiting)
        .description("Imports that wait for a worker")
        .register(registry);
    Gauge.builder("vitrine.import.oldest.task.age", this, meters -> meters.oldestSeconds)
        .description("Age of the import that waits longest")
        .baseUnit("seconds")
        .register(registry);
  }

  /** What waits now; 0 seconds if nothing does. */
  public void backlog(long newWaiting, double newOldestSeconds) {
    waiting = newWaiting;
    oldestSeconds = newOldestSeconds;
  }
}
