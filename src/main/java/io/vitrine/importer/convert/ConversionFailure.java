package io.vitrine.importer.convert;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.importer.run.SourceFailure;

/** Explains to users why a conversion failed, from the exit status and the output. */
final class ConversionFailure {
  /** Added by the JDK to the number of the signal that ended a process. */
  private static final int SIGNALLED = 128;

  private static final int KILLED = SIGNALLED + 9;
  private static final int CPU_TIME_EXCEEDED = SIGNALLED + 24;
  private static final int FILE_SIZE_EXCEEDED = SIGNALLED + 25;

  private ConversionFailure() {}

  /** The failure for an exit status other than zero and the output before it. */
  static ProblemException of(int exitStatus, String message, String sourceFormat) {
    // None of our limits sends this signal; the machine may have run out of memory.
    return exitStatus == KILLED
        ? new SourceFailure(
            new Problem.Unavailable(
                "The converter was killed, probably because it took too much memory."))
        : new ProblemException(problem(exitStatus, message, sourceFormat));
  }

  private static Problem problem(int exitStatus, String message, String sourceFormat) {
    if (exitStatus == FILE_SIZE_EXCEEDED || message.contains("File too large")) {
      return new Problem.TooLarge("The converted image is larger than allowed.");
    }
    if (exitStatus == CPU_TIME_EXCEEDED) {
      return new Problem.TooLarge("Converting the image takes more computing time than allowed.");
    }
    if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
      return new Problem.Unavailable("There is no space left to convert the image.");
    }
    if (isOutOfMemory(message)) {
      return new Problem.TooLarge("Converting the image takes more memory than allowed.");
    }
    if (isEncrypted(message)) {
      return new Problem.UnsupportedContent("Encrypted images cannot be converted.");
    }
    return new Problem.UnsupportedContent(
        "The data is not a valid %s image%s.".formatted(sourceFormat, known(message)));
  }

  /** A reason for the user, instead of the message, which names files. */
  private static String known(String message) {
    if (message.contains("truncated")) {
      return ": it has been cut off";
    }
    return message.contains("is corrupt") ? ": it is corrupt" : "";
  }

  private static boolean isEncrypted(String message) {
    return message.contains("encrypt.key-secret") || message.contains("encrypted image");
  }

  private static boolean isOutOfMemory(String message) {
    return message.contains("Cannot allocate memory")
        || message.contains("failed to allocate")
        || message.contains("Resource temporarily unavailable"); // no room for another stack
  }
}
