package io.vitrine.importer.run;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;

/** The staged data is gone or damaged. An upload is lost with it; a download can be repeated. */
public final class StagedDataLost extends ProblemException {
  /** A loss with a message for the user. */
  public StagedDataLost(Problem problem) {
    super(problem);
  }
}
