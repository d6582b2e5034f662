package io.vitrine.observe.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Meters of the delivery of notifications to one sink, {@code vitrine_notifications_…}. */
public final class RelayMeters {
  private final Counter sent;
  private final Counter failures;
  private final Counter dropped;
  private volatile long pending;
  private volatile double oldestSeconds;

  /** Meters in the given registry, tagged with the sink. */
  public RelayMeters(MeterRegistry registry, String sink) {
    sent = counter(registry, sink, "sent", "Notifications delivered");
    failures = counter(registry, sink, "failures", "Failed attempts to deliver notifications");
    dropped = counter(registry, sink, "dropped", "Notifications dropped");
    Gauge.builder("vitrine.notifications.pending", this, meters -> meters.pending)
        .description("Notifications waiting to be delivered")
        .tag("sink", sink)
        .register(registry);
    Gauge.builder("vitrine.notifications.oldest.age", this, meters -> meters.oldestSeconds)
        .description("Age of the oldest waiting notification")
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

  /** Sets the pending notifications and the age of the oldest; 0 seconds if there is none. */
  public void backlog(long newPending, double newOldestSeconds) {
    pending = newPending;
    oldestSeconds = newOldestSeconds;
  }

  /** Counts delivered notifications. */
  public void sent(int count) {
    sent.increment(count);
  }

  /** Counts a failed attempt. */
  public void failed() {
    failures.increment();
  }

  /** Counts notifications that were given up. */
  public void dropped(int count) {
    dropped.increment(count);
  }
}
