package io.vitrine.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Data that nothing on the way can compress. */
final class RandomFile {
  private RandomFile() {}

  /** Writes a file of whole MiB, which then lies in the page cache. */
  static void write(Path file, long sizeBytes) throws IOException {
    var random = new SplittableRandom(1);
    var block = new byte[1 << 20];
    try (var out = Files.newOutputStream(file)) {
      for (long written = 0; written < sizeBytes; written += block.length) {
        random.nextBytes(block);
        out.write(block);
      }
    }
  }
}
