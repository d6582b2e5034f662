package io.vitrine.importer.run;

import io.vitrine.image.task.ImportTask;

/**
 * A stage of imports. Blocks, on the worker's virtual threads.
 *
 * @param <I> what it needs of the stage before
 * @param <O> what it gives to the stage after
 */
@FunctionalInterface
public interface ImportStage<I, O> {
  /**
   * Runs the stage for one import. A failure ends the attempt; {@link Failure} tells what it means
   * for the task.
   */
  O run(TaskRun<ImportTask> run, I input) throws Exception;
}
