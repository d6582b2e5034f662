package io.vitrine.importer.job;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;

/** The staged data is gone or damaged. An upload is lost with it; a download can be repeated. */
public final class StagingLoss extends ProblemException {
  /** A loss with a message for the user. */
  public StagingLoss(Problem problem) {
    super(problem);
  }
}
