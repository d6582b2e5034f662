package io.vitrine.importer.job;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;

/**
 * An attempt failed by what the user has named, such as a server that breaks off. Another attempt
 * may do better, but there are only so many.
 */
public final class CountedFailure extends ProblemException {
  /** A failure that the user is told of in the given words. */
  public CountedFailure(Problem problem) {
    super(problem);
  }

  /** The same failure, counted if the source of the data was silent, slow or broken. */
  public static Throwable ofSource(Throwable failure) {
    return failure instanceof ProblemException expected
            && (expected.problem() instanceof Problem.Unavailable
                || expected.problem() instanceof Problem.Stalled)
        ? new CountedFailure(expected.problem())
        : failure;
  }
}
