package io.vitrine.importer.transform;

import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.acquire.Acquired;
import io.vitrine.importer.blob.ScratchSpace;
import io.vitrine.importer.blob.StagedBlobs;
import io.vitrine.importer.run.ImportStage;
import io.vitrine.importer.run.TaskRun;
import java.util.List;

/**
 * Applies the plugins in order to staged data. A worker that takes over skips those already
 * applied. Data that is in a store already stays as it is.
 */
public final class TransformStage implements ImportStage<Acquired, ImportContent> {
  private final List<ImportPlugin> plugins;
  private final StagedBlobs staged;
  private final StagingWriter writer;
  private final ScratchSpace scratch;

  /** Applies the plugins in the given order. */
  public TransformStage(
      List<ImportPlugin> plugins, StagedBlobs staged, StagingWriter writer, ScratchSpace scratch) {
    this.plugins = List.copyOf(plugins);
    this.staged = staged;
    this.writer = writer;
    this.scratch = scratch;
  }

  @Override
  public ImportContent run(TaskRun<ImportTask> run, Acquired acquired) throws Exception {
    return switch (acquired) {
      case Acquired.InStore(var source) -> ImportContent.ofCopy(run.task().image(), source);
      case Acquired.Staged data ->
          transform(run, data, ImportContent.ofStaged(data, () -> staged.open(data.blob())));
    };
  }

  private ImportContent transform(
      TaskRun<ImportTask> run, Acquired.Staged acquired, ImportContent original) throws Exception {
    if (plugins.isEmpty()) {
      return original;
    }
    var task = run.task();
    var context = new PluginContext(run, acquired.image(), staged, writer, scratch.make(task.id()));
    var content = original;
    for (var plugin : plugins) {
      if (!task.plugins().contains(plugin.name())) {
        content = apply(plugin, context, content);
      }
    }
    return content;
  }

  private static ImportContent apply(
      ImportPlugin plugin, PluginContext context, ImportContent content) throws Exception {
    try {
      return plugin.apply(context, content);
    } catch (ProblemException failure) {
      context.run().failedIn(plugin.title());
      throw failure;
    }
  }
}
