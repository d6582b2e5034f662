package io.vitrine.importer.transform;

import io.vitrine.image.Image;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.importer.acquire.Steps;
import io.vitrine.importer.job.Job;
import java.util.List;

/** Applies the plugins in order. A worker that takes over skips those already applied. */
public final class Plugins {
  private final List<ImportPlugin> inOrder;
  private final Steps steps;
  private final Restaging restaging;
  private final ScratchSpace scratch;

  /** Applies the plugins in the given order. */
  public Plugins(
      List<ImportPlugin> inOrder, Steps steps, Restaging restaging, ScratchSpace scratch) {
    this.inOrder = List.copyOf(inOrder);
    this.steps = steps;
    this.restaging = restaging;
    this.scratch = scratch;
  }

  /** Applies all plugins to an image's data. */
  public Made run(Job job, Image image, Made staged) throws Exception {
    if (inOrder.isEmpty()) {
      return staged;
    }
    var work = new Work(job, image, steps, restaging, scratch.make(job.task().id()));
    var made = staged;
    for (var plugin : inOrder) {
      made = job.task().plugins().contains(plugin.name()) ? made : apply(plugin, work, made);
    }
    return made;
  }

  private static Made apply(ImportPlugin plugin, Work work, Made made) throws Exception {
    try {
      return plugin.apply(work, made);
    } catch (ProblemException failure) {
      work.job().failedIn(plugin.title());
      throw failure;
    }
  }
}
