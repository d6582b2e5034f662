package io.vitrine.image;

import io.vitrine.image.problem.ProblemException;

/** Lets through, or refuses, what a caller is about to do to an image that it sees. */
@FunctionalInterface
public interface Permit {
  /**
   * Answers the image if it is permitted.
   *
   * @throws ProblemException forbidden
   */
  Image require(Image image);
}
