package io.vitrine.importer.qemu;

import static io.vitrine.image.problem.ProblemException.unsupportedContent;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.importer.engine.ConversionFailure;
import io.vitrine.importer.run.SourceFailure;
import java.util.List;

/** Explains to users why qemu-img failed. */
final class QemuFailure {
  /** Added by the JDK to the number of the signal that ended a process. */
  private static final int SIGNALLED = 128;

  private static final int KILLED = SIGNALLED + 9;
  private static final int CPU_TIME_EXCEEDED = SIGNALLED + 24;
  private static final int FILE_SIZE_EXCEEDED = SIGNALLED + 25;

  private static final String CORRUPT = ": it is corrupt";
  private static final String CUT_OFF = ": it has been cut off";

  /** The words of qemu-img's drivers for data past the end of the file. */
  private static final List<String> CUT_OFF_WORDS =
      List.of("truncated", "exceeding the end of the file", "points after EOF");

  private QemuFailure() {}

  /** The failure for an exit status other than zero and the output before it. */
  static ProblemException of(int exitStatus, String message, String sourceFormat) {
    // None of our limits sends this signal; the machine may have run out of memory.
    return exitStatus == KILLED
        ? new SourceFailure(
            new Problem.Unavailable(
                "The converter was killed, probably because it took too much memory."))
        : new ProblemException(problem(exitStatus, message, sourceFormat));
  }

  /** The failure for errors that a check found in an image. One leads to others. */
  static ProblemException ofCorrupt(String message, String sourceFormat) {
    var reason = isCutOff(message) ? CORRUPT + ", or has been cut off" : CORRUPT;
    return unsupportedContent(
        "The data is not a valid %s image%s.".formatted(sourceFormat, reason));
  }

  private static Problem problem(int exitStatus, String message, String sourceFormat) {
    if (exitStatus == FILE_SIZE_EXCEEDED) {
      return ConversionFailure.TOO_LARGE;
    }
    if (exitStatus == CPU_TIME_EXCEEDED) {
      return new Problem.TooLarge("Converting the image takes more computing time than allowed.");
    }
    return ConversionFailure.ofSystem(message).orElseGet(() -> ofConverter(message, sourceFormat));
  }

  private static Problem ofConverter(String message, String sourceFormat) {
    if (isOutOfMemory(message)) {
      return new Problem.TooLarge("Converting the image takes more memory than allowed.");
    }
    if (isEncrypted(message)) {
      return new Problem.UnsupportedContent("Encrypted images cannot be converted.");
    }
    if (message.contains("contains a log that needs to be replayed")) {
      return new Problem.UnsupportedContent(
          "The %s image has a log that must be replayed: it was not closed cleanly. Open it where it"
                  .formatted(sourceFormat)
              + " was made, and close it.");
    }
    return new Problem.UnsupportedContent(
        "The data is not a valid %s image%s.".formatted(sourceFormat, known(message)));
  }

  /** A reason for the user, instead of the message, which names files. */
  private static String known(String message) {
    if (isCutOff(message)) {
      return CUT_OFF;
    }
    return message.contains("is corrupt") ? CORRUPT : "";
  }

  private static boolean isCutOff(String message) {
    return CUT_OFF_WORDS.stream().anyMatch(message::contains);
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
