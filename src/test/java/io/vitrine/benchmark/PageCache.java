package io.vitrine.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;

/** Files of images in the page cache. */
final class PageCache {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private PageCache() {}

  /** The newest file of a size below a directory. */
  static Path newest(Path directory, long sizeBytes) throws IOException {
    try (var files =
        Files.find(
            directory,
            Integer.MAX_VALUE,
            (file, attributes) -> attributes.isRegularFile() && attributes.size() == sizeBytes)) {
      return files
          .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
          .orElseThrow();
    }
  }

  /**
   * Drops a file from the page cache. Pages that a socket still holds stay a little longer; fails
   * if they stay for good, as on file systems in memory.
   */
  static void drop(Path file) throws IOException, InterruptedException {
    Tools.run("sync", file.toString());
    long deadline = System.nanoTime() + LIMIT.toNanos();
    do {
      if (System.nanoTime() > deadline) {
        throw new IOException(file + " stays in the page cache");
      }
      Tools.run("dd", "if=" + file, "iflag=nocache", "count=0", "status=none");
    } while (isCached(file));
  }

  private static boolean isCached(Path file) throws IOException, InterruptedException {
    var bytes = Tools.run("fincore", "--bytes", "--noheadings", "--output=RES", file.toString());
    return Long.parseLong(bytes.strip()) > Files.size(file) / 100;
  }
}
