package io.vitrine.image.task;

import io.vitrine.image.Image;
import io.vitrine.image.problem.ProblemException;

/**
 * A requested import. Most of it can only be checked against the image. Checks are ordered: the
 * image's status comes first, then those of this interface.
 */
public interface ImportRequest {
  /** The name of a method in the API, known and offered. */
  String methodName();

  /**
   * Returns the image if this import of it is permitted.
   *
   * @throws ProblemException invalid if another region is named badly; forbidden
   */
  Image permit(Image image);

  /**
   * The import to run on an image without another import in progress.
   *
   * @throws ProblemException if a store is unknown or has the image already, or if the data cannot
   *     be had as requested
   */
  ImportPlan plan(Image image);
}
