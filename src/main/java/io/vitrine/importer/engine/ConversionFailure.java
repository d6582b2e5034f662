package io.vitrine.importer.engine;

import static io.vitrine.image.problem.ProblemException.unsupportedContent;

import io.vitrine.format.block.InvalidImageException;
import io.vitrine.image.problem.Causes;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.io.IOException;
import java.util.Optional;

/** Explains to users why a conversion failed, whatever engine it ran in. */
public final class ConversionFailure {
  /** The problem for a result beyond the limit. */
  public static final Problem TOO_LARGE =
      new Problem.TooLarge("The converted image is larger than allowed.");

  private ConversionFailure() {}

  /** The failure for what was thrown; defects and errors stay what they are. */
  static Throwable of(Throwable thrown, String sourceFormat) {
    return switch (Causes.bare(thrown)) {
      case InvalidImageException invalid ->
          unsupportedContent(
              "The data is not a valid %s image: it %s."
                  .formatted(sourceFormat, invalid.getMessage()));
      case IOException failure ->
          new ProblemException(
              ofSystem(String.valueOf(failure.getMessage()))
                  .orElseGet(() -> new Problem.Unavailable("The converter does not work.")));
      case Throwable other -> other;
    };
  }

  /** The problem for a message of the operating system about a file; empty for any other. */
  public static Optional<Problem> ofSystem(String message) {
    if (message.contains("File too large")) {
      return Optional.of(TOO_LARGE);
    }
    return message.contains("No space left on device") || message.contains("Disk quota exceeded")
        ? Optional.of(new Problem.Unavailable("There is no space left to convert the image."))
        : Optional.empty();
  }
}
