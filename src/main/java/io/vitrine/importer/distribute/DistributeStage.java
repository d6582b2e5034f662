package io.vitrine.importer.distribute;

import io.vitrine.catalog.tasks.ImportCheckpoints;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.run.ImportStage;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.importer.transform.ImportContent;
import java.util.List;

/** Writes an image's data to the stores that still lack it, several at a time. */
public final class DistributeStage implements ImportStage<ImportContent, List<StoreFailure>> {
  private final StoreWriter writer;
  private final ImportCheckpoints checkpoints;
  private final int parallel;

  /**
   * Distributes with a writer.
   *
   * @param parallel how many stores are written to concurrently
   */
  public DistributeStage(StoreWriter writer, ImportCheckpoints checkpoints, int parallel) {
    this.writer = writer;
    this.checkpoints = checkpoints;
    this.parallel = parallel;
  }

  /**
   * Writes to all waiting stores and returns those that failed, in order. Fails if a store failed
   * that must not, or if no store has the data.
   */
  @Override
  public List<StoreFailure> run(TaskRun<ImportTask> run, ImportContent content) {
    return new Distribution(run, content, writer, checkpoints).run(parallel);
  }
}
