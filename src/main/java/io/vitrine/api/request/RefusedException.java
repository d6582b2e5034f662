package io.vitrine.api.request;

import io.vitrine.access.policy.Rule;
import io.vitrine.image.ImageId;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;

/** The policy refused something, whether the caller is told so or finds nothing. */
public final class RefusedException extends ProblemException {
  private final Rule rule;

  private RefusedException(Rule rule, Problem problem) {
    super(problem);
    this.rule = rule;
  }

  public static RefusedException forbidden(Rule rule) {
    return forbidden(rule, "You are not authorized to complete %s action.".formatted(rule.text()));
  }

  public static RefusedException forbidden(Rule rule, String detail) {
    return new RefusedException(rule, new Problem.Forbidden(detail));
  }

  public static RefusedException notFound(Rule rule, ImageId image) {
    return notFound(rule, "No image found with ID %s".formatted(image));
  }

  public static RefusedException notFound(Rule rule, String detail) {
    return new RefusedException(rule, new Problem.NotFound(detail));
  }

  /** The rule that refused. */
  public Rule rule() {
    return rule;
  }
}
