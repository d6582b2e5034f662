package io.vitrine.importer;

import java.util.OptionalLong;

/** How far a step is, in words. */
final class Progress {
  private static final long MIB = 1L << 20;

  private Progress() {}

  static String describe(String doing, long doneBytes, OptionalLong totalBytes) {
    if (totalBytes.isEmpty() || totalBytes.getAsLong() == 0) {
      return "%s: %d MiB".formatted(doing, doneBytes / MIB);
    }
    long total = totalBytes.getAsLong();
    return "%s: %d of %d MiB, %d %%"
        .formatted(doing, doneBytes / MIB, total / MIB, doneBytes * 100 / total);
  }
}
