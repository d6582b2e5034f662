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

  /** Carries a {@link Problem.Invalid}. */
  public static ProblemException invalid(String detail) {
    return new ProblemException(new Problem.Invalid(detail));
  }

  /** Carries a {@link Problem.Unauthenticated}. */
  public static ProblemException unauthenticated(String detail) {
    return new ProblemException(new Problem.Unauthenticated(detail));
  }

  /** Carries a {@link Problem.Forbidden}. */
  public static ProblemException forbidden(String detail) {
    return new ProblemException(new Problem.Forbidden(detail));
  }

  /** Carries a {@link Problem.NotFound}. */
  public static ProblemException notFound(String detail) {
    return new ProblemException(new Problem.NotFound(detail));
  }

  /** Carries a {@link Problem.Conflict}. */
  public static ProblemException conflict(String detail) {
    return new ProblemException(new Problem.Conflict(detail));
  }

  /** Carries a {@link Problem.Locked}. */
  public static ProblemException locked(String detail) {
    return new ProblemException(new Problem.Locked(detail));
  }

  /** Carries a {@link Problem.ChecksumMismatch}. */
  public static ProblemException checksumMismatch(String detail) {
    return new ProblemException(new Problem.ChecksumMismatch(detail));
  }

  /** Carries a {@link Problem.Gone}. */
  public static ProblemException gone(String detail) {
    return new ProblemException(new Problem.Gone(detail));
  }

  /** Carries a {@link Problem.TooLarge}. */
  public static ProblemException tooLarge(String detail) {
    return new ProblemException(new Problem.TooLarge(detail));
  }

  /** Carries a {@link Problem.Full}. */
  public static ProblemException full(String detail) {
    return new ProblemException(new Problem.Full(detail));
  }

  /** Carries a {@link Problem.UnsupportedContent}. */
  public static ProblemException unsupportedContent(String detail) {
    return new ProblemException(new Problem.UnsupportedContent(detail));
  }

  /** Carries a {@link Problem.OutOfRange}. */
  public static ProblemException outOfRange(String detail, long sizeBytes) {
    return new ProblemException(new Problem.OutOfRange(detail, sizeBytes));
  }

  /** Carries a {@link Problem.Interrupted}. */
  public static ProblemException interrupted(String detail) {
    return new ProblemException(new Problem.Interrupted(detail));
  }

  /** Carries a {@link Problem.Stalled}. */
  public static ProblemException stalled(String detail) {
    return new ProblemException(new Problem.Stalled(detail));
  }

  /** Carries a {@link Problem.Missing}. */
  public static ProblemException missing(String detail) {
    return new ProblemException(new Problem.Missing(detail));
  }

  /** Carries a {@link Problem.Damaged}. */
  public static ProblemException damaged(String detail) {
    return new ProblemException(new Problem.Damaged(detail));
  }

  /** Carries a {@link Problem.Unavailable}. */
  public static ProblemException unavailable(String detail) {
    return new ProblemException(new Problem.Unavailable(detail));
  }

  /** Carries a {@link Problem.Unreachable}. */
  public static ProblemException unreachable(String detail) {
    return new ProblemException(new Problem.Unreachable(detail));
  }

  /** Carries a {@link Problem.NotOffered}. */
  public static ProblemException notOffered(String detail) {
    return new ProblemException(new Problem.NotOffered(detail));
  }
}
