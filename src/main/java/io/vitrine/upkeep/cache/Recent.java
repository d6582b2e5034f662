package io.vitrine.upkeep.cache;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** What happened a short time ago, and is forgotten afterwards. */
final class Recent<T> {
  private final Clock clock;
  private final Duration time;
  private final Map<T, Instant> ends = new HashMap<>();

  Recent(Clock clock, Duration time) {
    this.clock = clock;
    this.time = time;
  }

  void add(T what) {
    ends.put(what, clock.instant().plus(time));
  }

  void remove(T what) {
    ends.remove(what);
  }

  boolean contains(T what) {
    ends.values().removeIf(end -> end.isBefore(clock.instant()));
    return ends.containsKey(what);
  }
}
