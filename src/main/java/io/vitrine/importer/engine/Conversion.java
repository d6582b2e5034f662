package io.vitrine.importer.engine;

import io.vertx.core.Future;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;

/** A running conversion. Unless it succeeds, the target file is gone when it ends. */
public interface Conversion {
  /** How much is done, from 0 to 100. */
  double percent();

  /**
   * Completes when the target is complete. Otherwise it fails, always after the last write to the
   * target: with a {@link ProblemException}, or with the defect of the program that ended it.
   */
  Future<Void> done();

  /** Ends it soon; {@link #done} then fails with {@link Problem.Gone}. */
  void cancel();
}
