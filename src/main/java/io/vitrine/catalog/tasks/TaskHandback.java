package io.vitrine.catalog.tasks;

import io.vertx.core.Future;
import io.vitrine.image.task.LeasedTask;
import java.time.Duration;

/**
 * Returns unfinished tasks to the queue, with a message for the user. All methods fail as gone if
 * the lease is lost.
 */
public interface TaskHandback {
  /** Returns the task to the queue; the attempt does not count. */
  Future<Void> release(LeasedTask task, String message);

  /** Returns the task to the queue for a retry after the pause; the attempt counts. */
  Future<Void> release(LeasedTask task, String message, Duration pause);

  /**
   * Returns the task to the queue after a fault of the service. The attempt does not count; the
   * pause grows with each consecutive fault and has jitter, so that tasks do not return all at
   * once.
   */
  Future<Void> setBack(LeasedTask task, String message);

  /** Returns a task that exhausted the worker's memory; this counts if it ran alone. */
  Future<Void> crashed(LeasedTask task, String message);

  /** Returns a task that continues from its staged data, here or on another worker. */
  Future<Void> handOn(LeasedTask task, String message);

  /**
   * Returns a task whose data is on a node that cannot be reached now. Attempts count only after
   * that has lasted longer than {@code patience}.
   */
  Future<Void> postpone(LeasedTask task, String message, Duration patience);

  /**
   * Discards the staged data and what was made of it; the task starts again. The attempt counts.
   */
  Future<Void> startOver(LeasedTask task, String message);
}
