package io.vitrine.importer.run;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;

/**
 * An attempt failed because of something the user named, such as a server that drops the
 * connection. A retry may succeed, but retries are limited.
 */
public final class SourceFailure extends ProblemException {
  /** A failure with a message for the user. */
  public SourceFailure(Problem problem) {
    super(problem);
  }

  /** The same failure, counted against the task if the source was silent, slow or broken. */
  public static Throwable ofSource(Throwable failure) {
    return failure instanceof ProblemException expected
            && (expected.problem() instanceof Problem.Unavailable
                || expected.problem() instanceof Problem.Stalled)
        ? new SourceFailure(expected.problem())
        : failure;
  }
}
