package io.vitrine.importer;

import io.vitrine.image.Digests;
import io.vitrine.image.problem.Problem;

/**
 * What is said of data that is not what one of our own steps has written. That is a verdict:
 * nothing makes the data whole again but whoever it came from.
 */
final class Damage {
  private Damage() {}

  static Problem wrongSize(String what, long found, long wanted) {
    return new Problem.Invalid(
        "%s is damaged: it has %d bytes and must have %d.".formatted(what, found, wanted));
  }

  static Problem wrongDigest(String what, Digests found, Digests wanted) {
    boolean isSameAlgorithm = found.algorithm().equals(wanted.algorithm());
    return new Problem.Invalid(
        "%s is damaged: its digest (%s) is %s and must be %s."
            .formatted(
                what,
                isSameAlgorithm ? wanted.algorithm() : "md5",
                isSameAlgorithm ? found.value() : found.md5(),
                isSameAlgorithm ? wanted.value() : wanted.md5()));
  }
}
