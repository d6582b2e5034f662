package io.vitrine.importer;

import io.vitrine.image.Image;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import java.io.IOException;
import java.util.List;

/**
 * The plugins in their order. What one has made is not made again by the worker that takes over.
 */
final class Plugins {
  private final List<ImportPlugin> inOrder;
  private final Steps steps;
  private final Restaging restaging;
  private final ScratchSpace scratch;

  Plugins(List<ImportPlugin> inOrder, Steps steps, Restaging restaging, ScratchSpace scratch) {
    this.inOrder = List.copyOf(inOrder);
    this.steps = steps;
    this.restaging = restaging;
    this.scratch = scratch;
  }

  /** Leads an image's data through all of them. */
  Made run(Job job, Image image, Made staged) throws IOException {
    if (inOrder.isEmpty()) {
      return staged;
    }
    var work = new Work(job, image, steps, restaging, scratch.make(job.task().id()));
    var made = staged;
    for (var plugin : inOrder) {
      made =
          job.task().plugins().contains(plugin.name()) ? made.changed() : apply(plugin, work, made);
    }
    return made;
  }

  private static Made apply(ImportPlugin plugin, Work work, Made made) throws IOException {
    try {
      return plugin.apply(work, made);
    } catch (ProblemException failure) {
      throw new ProblemException(named(plugin, failure.problem()));
    }
  }

  /** Tells which step has failed, unless it is not the step that has. */
  private static Problem named(ImportPlugin plugin, Problem problem) {
    var detail = "%s failed: %s".formatted(plugin.title(), problem.detail());
    return switch (problem) {
      case Problem.Invalid _ -> new Problem.Invalid(detail);
      case Problem.TooLarge _ -> new Problem.TooLarge(detail);
      case Problem.UnsupportedContent _ -> new Problem.UnsupportedContent(detail);
      case Problem.Unavailable _ -> new Problem.Unavailable(detail);
      case Problem.NotOffered _ -> new Problem.NotOffered(detail);
      case Problem.Conflict _, Problem.Forbidden _, Problem.Gone _, Problem.Interrupted _ ->
          problem;
      case Problem.NotFound _, Problem.OutOfRange _, Problem.Stalled _ -> problem;
      case Problem.Unauthenticated _, Problem.Unreachable _ -> problem;
    };
  }
}
