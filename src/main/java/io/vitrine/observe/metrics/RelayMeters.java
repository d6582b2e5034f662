package io.vitrine.observe.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** How notifications get to one of those who want them, {@code vitrine_notifications_…}. */
public final class RelayMeters {
  private final Counter sent;
  private final Counter failures;
  private final Counter dropped;
  private volatile long pending;
  private volatile double oldestSeconds;

  /** Meters of a registry, for a sink. */
  public RelayMeters(MeterRegistry registry, String sink) {
    sent = counter(registry, sink, "sent", "Notifications that have arrived");
    failures = counter(registry, sink, "failures", "Attempts to send notifications that failed");
    dropped = counter(registry, sink, "dropped", "Notifications that will never be sent");
    Gauge.builder("vitrine.notifications.pending", this, meters -> meters.pending)
        .description("Notifications that wait to be sent")
        .tag("sink", sink)
        .register(registry);
    Gauge.builder("vitrine.notifications.oldest.age", this, meters -> meters.oldestSeconds)
        .description("Age of the notification that waits longest")
        .baseUnit("seconds")
        .tag("sink", sink)
        .register(registry);
  }

  private static Counter counter(
      MeterRegistry registry, String sink, String name, String description) {
    return Counter.builder("vitrine.notifications." + name)
        .description(description)
        .tag("sink", sink)
        .register(registry);
  }

  /** What waits now; 0 seconds if nothing does. */
  public void backlog(long newPending, double newOldestSeconds) {
    pending = newPending;
    oldestSeconds = newOldestSeconds;
  }

  /** So many have arrived. */
  public void sent(int count) {
    sent.increment(count);
  }

  /** An attempt failed. */
  public void failed() {
    failures.increment();
  }

  /** So many were given up. */
  public void dropped(int count) {
    dropped.increment(count);
  }
}
