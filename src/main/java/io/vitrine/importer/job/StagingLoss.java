package io.vitrine.importer.job;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;

/**
 * What had been staged is gone, or is not what was staged. What a user has sent is lost with it;
 * what was fetched can be fetched again.
 */
public final class StagingLoss extends ProblemException {
  /** A loss that the user is told of in the given words. */
  public StagingLoss(Problem problem) {
    super(problem);
  }
}
