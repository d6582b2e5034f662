package io.vitrine.image.task;

import io.vitrine.image.Image;
import io.vitrine.image.problem.ProblemException;

/**
 * An import that somebody asks for. Most of it is judged only by the image that it is for and step
 * by step, for of several faults the first is told: the image's status, then what is said here.
 */
public interface ImportWish {
  /** The name of a method in the API, known and offered. */
  String methodName();

  /**
   * Answers the image if such an import of it is permitted.
   *
   * @throws ProblemException invalid if another region is named badly; forbidden
   */
  Image permit(Image image);

  /**
   * What is to be done for an image that nothing else is done for.
   *
   * @throws ProblemException if a store is not known or has the image already, or if the data
   *     cannot be had as is asked
   */
  ImportOrder order(Image image);
}
