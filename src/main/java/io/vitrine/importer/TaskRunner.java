package io.vitrine.importer;

import io.vitrine.image.task.LeasedTask;
import io.vitrine.importer.run.TaskRun;
import java.util.function.BooleanSupplier;

/** Runs one type of tasks. Blocks, on the worker's virtual threads. */
@FunctionalInterface
interface TaskRunner<T extends LeasedTask> {
  /**
   * Runs a task until it has succeeded. Returns false if its data has been staged and there is no
   * room here to continue.
   *
   * @param goOn asked once the data is staged: whether there is room
   */
  boolean run(TaskRun<T> run, BooleanSupplier goOn) throws Exception;
}
