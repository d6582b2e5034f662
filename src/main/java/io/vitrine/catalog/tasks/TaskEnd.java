package io.vitrine.catalog.tasks;

import io.vertx.core.Future;
import io.vitrine.image.task.LeasedTask;

/** Ends tasks for good. All methods fail as gone if the lease is lost. */
public interface TaskEnd {
  /** Ends the task successfully: the image is active, the staged data is given up. */
  Future<Void> succeed(LeasedTask task, String message);

  /**
   * Ends the task as failed. The staged data is given up, and so is the stored data if all stores
   * had to succeed. An image without data becomes queued again. Unless certain stores are at fault,
   * all stores still pending are recorded as failed.
   */
  Future<Void> fail(LeasedTask task, String reason);
}
