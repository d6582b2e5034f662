package io.vitrine.fetch;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;

/** The server has no such file. */
public final class AbsentFileException extends ProblemException {
  private static final long serialVersionUID = 1;

  AbsentFileException(Problem problem) {
    super(problem);
  }
}
