package io.vitrine.observe.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Meters of API requests, {@code vitrine_http_request_seconds}. Safe for use by several threads.
 */
public final class RequestMeters {
  /**
   * From metadata, answered at once, to data that takes a minute; dashboards and alerts rely on
   * these.
   */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofMillis(2500),
    Duration.ofSeconds(10),
    Duration.ofSeconds(60)
  };

  private final MeterRegistry registry;
  private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();

  /** Meters in the given registry. */
  public RequestMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Records a request that took so many nanoseconds. */
  public void ended(Kind kind, long nanos) {
    timers.computeIfAbsent(kind, this::timer).record(Duration.ofNanos(nanos));
  }

  private Timer timer(Kind kind) {
    return Timer.builder("vitrine.http.request")
        .description("Duration of requests until the end of the answer")
        .tag("route", kind.route())
        .tag("method", kind.method())
        .tag("status", kind.status())
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  /** The tags of a request; each has few values. */
  public record Kind(String route, String method, String status) {}
}
