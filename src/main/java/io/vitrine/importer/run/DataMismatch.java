package io.vitrine.importer.run;

import io.vitrine.image.Digests;
import io.vitrine.image.problem.Problem;

/**
 * The problems to report when data differs from what one of our own steps wrote. They are final:
 * only the origin of the data can supply it again.
 */
public final class DataMismatch {
  private DataMismatch() {}

  /** The data's length, in bytes, is not the expected one. */
  public static Problem wrongSize(String what, long found, long wanted) {
    return new Problem.Invalid(
        "%s is damaged: it has %d bytes and must have %d.".formatted(what, found, wanted));
  }

  /** The data's digest is not the expected one; MD5 is compared if the algorithms differ. */
  public static Problem wrongDigest(String what, Digests found, Digests wanted) {
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
