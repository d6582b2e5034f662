package io.vitrine.importer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Tasks that this worker cannot work on now, as it does not reach the node that has their data.
 * Another worker may; one that took them again at once would keep them from all others.
 */
final class LeftToOthers {
  private final long pauseNanos;
  private final Map<UUID, Long> untilNanos = new HashMap<>();

  LeftToOthers(Duration pause) {
    pauseNanos = pause.toNanos();
  }

  /** Leaves a task to others for a pause. */
  void add(UUID task, long nowNanos) {
    untilNanos.put(task, nowNanos + pauseNanos);
  }

  /** The tasks that are left to others still. */
  Set<UUID> at(long nowNanos) {
    untilNanos.values().removeIf(until -> until - nowNanos <= 0);
    return Set.copyOf(untilNanos.keySet());
  }
}
