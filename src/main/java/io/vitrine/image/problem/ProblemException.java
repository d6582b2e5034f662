package io.vitrine.image.problem;

/**
 * Carries a {@link Problem} through failed futures. It has no stack trace: it is an answer, not a
 * defect.
 */
public class ProblemException extends RuntimeException {
  private final transient Problem problem;

  /** Wraps the problem. */
  public ProblemException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  /** The problem. */
  public final Problem problem() {
    return problem;
  }
}
