package io.vitrine.observe.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Requests of the API by kind, {@code vitrine_http_request_seconds}. Shared by all threads. */
public final class RequestMeters {
  /** What dashboards show and alerts compare: from metadata at once to data that takes a minute. */
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

  /** Meters of a registry. */
  public RequestMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** A request has ended after so many nanoseconds. */
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

  /** What requests are told apart by; each has few values. */
  public record Kind(String route, String method, String status) {}
}
