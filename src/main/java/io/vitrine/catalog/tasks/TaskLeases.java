package io.vitrine.catalog.tasks;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vitrine.image.task.LeasedTask;
import java.util.Optional;

/** The queue as a worker takes tasks from it. */
public interface TaskLeases {
  /**
   * Leases the oldest wanted task of the project with the fewest running tasks. If a lease has
   * expired, its worker was lost: the attempt starts again, and the task is suspected of having
   * crashed the worker unless it was only fetching data.
   */
  Future<Optional<LeasedTask>> lease(TaskSelection wanted);

  /** Lets the lease of a task expire, unless the task has ended or been released. */
  void drop(LeasedTask task);

  /**
   * Records the task's progress; fails as gone if the lease is lost.
   *
   * @param steps a small object for each step, all with the same members
   */
  Future<Void> progress(LeasedTask task, String message, JsonArray steps);

  /** Records that the worker runs nothing else beside the task. */
  Future<Void> alone(LeasedTask task);
}
