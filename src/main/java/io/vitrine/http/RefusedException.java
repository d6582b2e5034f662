package io.vitrine.http;

import io.vitrine.image.ImageId;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import io.vitrine.policy.Rule;

/** The policy refused something, whether the caller is told so or finds nothing. */
final class RefusedException extends ProblemException {
  private final Rule rule;

  private RefusedException(Rule rule, Problem problem) {
    super(problem);
    this.rule = rule;
  }

  static RefusedException forbidden(Rule rule) {
    return forbidden(rule, "You are not authorized to complete %s action.".formatted(rule.text()));
  }

  static RefusedException forbidden(Rule rule, String detail) {
    return new RefusedException(rule, new Problem.Forbidden(detail));
  }

  static RefusedException notFound(Rule rule, ImageId image) {
    return notFound(rule, "No image found with ID %s".formatted(image));
  }

  static RefusedException notFound(Rule rule, String detail) {
    return new RefusedException(rule, new Problem.NotFound(detail));
  }

  /** The rule that refused. */
  Rule rule() {
    return rule;
  }
}
