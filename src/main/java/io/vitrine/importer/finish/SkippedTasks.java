package io.vitrine.importer.finish;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Tasks that this worker skips for a while, because it cannot reach the node with their data.
 * Without the pause it would lease them again at once and keep them from workers that can.
 */
public final class SkippedTasks {
  private final long pauseNanos;
  private final Map<UUID, Long> untilNanos = new HashMap<>();

  /** Skips tasks for the given time. */
  public SkippedTasks(Duration pause) {
    pauseNanos = pause.toNanos();
  }

  /** Skips a task for the pause. */
  void add(UUID task, long nowNanos) {
    untilNanos.put(task, nowNanos + pauseNanos);
  }

  /** The tasks to skip now. */
  public Set<UUID> at(long nowNanos) {
    untilNanos.values().removeIf(until -> until - nowNanos <= 0);
    return Set.copyOf(untilNanos.keySet());
  }
}
