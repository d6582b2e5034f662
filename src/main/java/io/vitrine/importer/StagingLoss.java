package io.vitrine.importer;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;

/**
 * What had been staged is gone, or is not what was staged. What a user has sent is lost with it;
 * what was fetched can be fetched again.
 */
final class StagingLoss extends ProblemException {
  StagingLoss(Problem problem) {
    super(problem);
  }
}
