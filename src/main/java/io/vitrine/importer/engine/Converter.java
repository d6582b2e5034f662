package io.vitrine.importer.engine;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * Converts disk images from one file to another. Formats are named as in the Image API and never
 * guessed from the data.
 */
public interface Converter {
  /** Fails with {@link Problem.NotOffered} unless images can be converted here. */
  void requireAvailable();

  /**
   * Refuses images with a virtual size beyond the limit, since both the time of a conversion and
   * its result grow with that size.
   *
   * @throws ProblemException with {@link Problem.TooLarge}
   */
  void requireWithinLimits(OptionalLong virtualSizeBytes);

  /**
   * Starts a conversion of the source to the target, a file that does not exist yet.
   *
   * @throws ProblemException when the formats or the source cannot be used
   */
  Conversion convert(DiskImage source, DiskImage target) throws IOException;
}
