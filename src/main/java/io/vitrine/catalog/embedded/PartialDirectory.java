package io.vitrine.catalog.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Objects;

/** Creates directories atomically: after a crash they are complete or absent. */
final class PartialDirectory {
  private static final String MARK = ".partial-";

  private PartialDirectory() {}

  /** Fills a directory. */
  interface Filler {
    void fill(Path directory) throws IOException;
  }

  /** Fills a new directory beside the target, then renames it. */
  static void fill(Path target, Filler filler) throws IOException {
    var partial =
        Files.createTempDirectory(
            Objects.requireNonNull(target.getParent()), target.getFileName() + MARK);
    filler.fill(partial);
    Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Removes unfinished directories of an earlier process. Children of that process may still be
   * writing; what cannot be removed now is left to the next start.
   */
  static void removeLeftovers(Path parent) throws IOException {
    try (var entries = Files.list(parent)) {
      entries
          .filter(entry -> entry.getFileName().toString().contains(MARK))
          .forEach(PartialDirectory::remove);
    }
  }

  private static void remove(Path directory) {
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException stillWritten) {
      // The next start tries again.
    }
  }
}
