package io.vitrine.image;

import io.vitrine.image.problem.ProblemException;

/** Authorises an action on an image that the caller may see. */
@FunctionalInterface
public interface Permit {
  /**
   * Returns the image if the action is permitted.
   *
   * @throws ProblemException forbidden
   */
  Image require(Image image);
}
