package io.vitrine.importer;

import io.vertx.core.Vertx;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.Workload;
import io.vitrine.importer.acquire.Acquired;
import io.vitrine.importer.blob.EarlyWork;
import io.vitrine.importer.blob.ScratchSpace;
import io.vitrine.importer.distribute.StoreFailure;
import io.vitrine.importer.run.ImportStage;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.importer.transform.ImportContent;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stages of imports: acquire the data, transform it by plugins, distribute it to the stores,
 * finish the task.
 */
final class ImportPipeline implements TaskRunner<ImportTask> {
  private static final Logger log = LoggerFactory.getLogger(ImportPipeline.class);

  private final Vertx vertx;
  private final Leftovers leftovers;
  private final Stages stages;

  /**
   * What a task leaves behind.
   *
   * @param scratch with its temporary files
   * @param early with what it began while it downloaded
   */
  record Leftovers(ScratchSpace scratch, EarlyWork early) {}

  /** The stages, in their order. */
  record Stages(
      ImportStage<ImportTask, Acquired> acquire,
      ImportStage<Acquired, ImportContent> transform,
      ImportStage<ImportContent, List<StoreFailure>> distribute,
      ImportStage<List<StoreFailure>, String> finish) {}

  ImportPipeline(Vertx vertx, Leftovers leftovers, Stages stages) {
    this.vertx = vertx;
    this.leftovers = leftovers;
    this.stages = stages;
  }

  @Override
  public boolean run(TaskRun<ImportTask> run, BooleanSupplier goOn) throws Exception {
    var task = run.task();
    try {
      var acquired = stages.acquire().run(run, task);
      if (task.workload() == Workload.FETCH && !goOn.getAsBoolean()) {
        return false;
      }
      var content = stages.transform().run(run, acquired);
      var failures = stages.distribute().run(run, content);
      var _ = stages.finish().run(run, failures);
      return true;
    } finally {
      cleanUp(task);
    }
  }

  /**
   * Removes the task's temporary files; those that cannot be removed now are removed at the next
   * start.
   */
  private void cleanUp(ImportTask task) {
    try {
      leftovers.early().end(task);
      vertx
          .executeBlocking(
              () -> {
                leftovers.scratch().remove(task.id());
                return true;
              })
          .await();
    } catch (Exception failure) {
      log.atWarn()
          .addKeyValue("task_id", task.id())
          .addKeyValue("error", failure.toString())
          .log("The task left files in the scratch directory");
    }
  }
}
