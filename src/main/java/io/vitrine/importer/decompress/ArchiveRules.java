package io.vitrine.importer.decompress;

import static io.vitrine.image.problem.ProblemException.unsupportedContent;

import io.vitrine.image.problem.ProblemException;
import java.util.Arrays;

/**
 * What archives must keep to: they have exactly one file, which is not compressed once more.
 *
 * @param format its name in messages
 */
record ArchiveRules(String format) {
  /** Refuses an archive unless the condition holds; the reason continues "The zip archive". */
  void require(boolean holds, String reason) {
    if (!holds) {
      throw refused(reason);
    }
  }

  /** The refusal of an archive. */
  ProblemException refused(String reason) {
    return unsupportedContent("The %s archive %s.".formatted(format, reason));
  }

  /** Refuses a second file. */
  void requireLast(boolean isLast) {
    require(isLast, "has more than one member; it must have exactly one");
  }

  /** Refuses a file that begins with these bytes if it is compressed itself. */
  void requirePlain(byte[] bytes, int offset, int length) {
    var head = Arrays.copyOfRange(bytes, offset, offset + Math.min(length, Compression.HEAD_BYTES));
    Compression.of(head)
        .ifPresent(
            inner -> {
              throw compressed(inner.text());
            });
    if (SkippableFrames.begin(head)) {
      throw compressed("zstd or lz4");
    }
  }

  private ProblemException compressed(String inner) {
    return refused("contains another archive or other compressed data (%s)".formatted(inner));
  }
}
