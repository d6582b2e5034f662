package io.vitrine.api.request;

import io.vitrine.access.policy.Rule;
import io.vitrine.image.ImageId;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;

/**
 * The policy refused an operation, whether the answer says so or pretends that nothing is there.
 */
public final class RefusedException extends ProblemException {
  private final Rule rule;

  private RefusedException(Rule rule, Problem problem) {
    super(problem);
    this.rule = rule;
  }

  /** A refusal with Glance's own sentence, answered with 403. */
  public static RefusedException forbidden(Rule rule) {
    return forbidden(rule, "You are not authorized to complete %s action.".formatted(rule.text()));
  }

  /** A refusal that the caller is told of, answered with 403. */
  public static RefusedException forbidden(Rule rule, String detail) {
    return new RefusedException(rule, new Problem.Forbidden(detail));
  }

  /** A refusal that hides the image, answered with 404. */
  public static RefusedException notFound(Rule rule, ImageId image) {
    return notFound(rule, "No image found with ID %s".formatted(image));
  }

  /** A refusal that hides its object, answered with 404. */
  public static RefusedException notFound(Rule rule, String detail) {
    return new RefusedException(rule, new Problem.NotFound(detail));
  }

  /** The rule that the caller does not meet. */
  public Rule rule() {
    return rule;
  }
}
