package io.vitrine.benchmark;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A raw disk like those of small servers: 600 MiB of each 2 GiB are data, in runs of some MiB, half
 * of it text and half of it noise.
 */
final class SparseDisk {
  private static final int MIB = 1 << 20;
  private static final int PAGE_BYTES = 4096;
  private static final double HOLES_TO_DATA = (2048 - 600) / 600.0;
  private static final List<byte[]> WORDS = words(new SplittableRandom(8));

  private SparseDisk() {}

  /** Writes a sparse file of whole MiB. */
  static void write(Path file, long sizeBytes) throws IOException {
    var random = new SplittableRandom(7);
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(sizeBytes);
      for (long at = 0; at < sizeBytes; ) {
        int length = (int) Math.min(sizeBytes - at, random.nextInt(1, 8) * (long) MIB);
        out.seek(at);
        out.write(data(random, length));
        // Holes begin and end within clusters, as those of file systems do.
        at += length + Math.round(length * HOLES_TO_DATA / PAGE_BYTES) * PAGE_BYTES;
      }
    }
  }

  private static byte[] data(SplittableRandom random, int length) {
    var data = new byte[length];
    random.nextBytes(data);
    for (int page = 0; page < length; page += 2 * PAGE_BYTES) {
      for (int at = page; at < page + PAGE_BYTES; ) {
        // Few words are frequent, as in a language.
        var word = WORDS.get((int) (WORDS.size() * Math.pow(random.nextDouble(), 4)));
        int count = Math.min(word.length, page + PAGE_BYTES - at);
        System.arraycopy(word, 0, data, at, count);
        at += count;
      }
    }
    return data;
  }

  private static List<byte[]> words(SplittableRandom random) {
    return Stream.generate(
            () -> {
              var word = new byte[random.nextInt(3, 12)];
              for (int letter = 0; letter < word.length - 1; letter++) {
                word[letter] = (byte) random.nextInt('a', 'z' + 1);
              }
              word[word.length - 1] = ' ';
              return word;
            })
        .limit(4000)
        .toList();
  }
}
