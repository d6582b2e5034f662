package io.vitrine.importer.run;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vitrine.image.task.LeasedTask;

/** Takes the progress of tasks, for users to see. */
@FunctionalInterface
public interface ProgressReports {
  /**
   * Records a task's progress; fails as gone if its lease is lost.
   *
   * @param steps a small object for each step, all with the same members
   */
  Future<Void> write(LeasedTask task, String message, JsonArray steps);
}
