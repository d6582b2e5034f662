package io.vitrine.importer;

import io.vertx.core.Vertx;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.Workload;
import io.vitrine.importer.acquire.Acquired;
import io.vitrine.importer.blob.ScratchSpace;
import io.vitrine.importer.distribute.StoreFailure;
import io.vitrine.importer.run.ImportStage;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.importer.transform.ImportContent;
import java.util.List;
import java.util.UUID;
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
  private final ScratchSpace scratch;
  private final Stages stages;

  /** The stages, in their order. */
  record Stages(
      ImportStage<ImportTask, Acquired> acquire,
      ImportStage<Acquired, ImportContent> transform,
      ImportStage<ImportContent, List<StoreFailure>> distribute,
      ImportStage<List<StoreFailure>, String> finish) {}

  ImportPipeline(Vertx vertx, ScratchSpace scratch, Stages stages) {
    this.vertx = vertx;
    this.scratch = scratch;
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
      cleanUp(task.id());
    }
  }

  /**
   * Removes the task's temporary files; those that cannot be removed now are removed at the next
   * start.
   */
  private void cleanUp(UUID task) {
    try {
      vertx
          .executeBlocking(
              () -> {
                scratch.remove(task);
                return true;
              })
          .await();
    } catch (Exception failure) {
      log.atWarn()
          .addKeyValue("task_id", task)
          .addKeyValue("error", failure.toString())
          .log("The task left files in the scratch directory");
    }
  }
}
