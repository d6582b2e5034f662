package io.vitrine.format.qcow2;

import java.util.List;
import java.util.stream.Stream;

/** Small images of every kind, to be spoiled. */
public final class TestingQcow2Samples {
  private static final int MAX_BYTES = 256 << 10;

  private TestingQcow2Samples() {}

  /** The bytes of the files. */
  public static List<byte[]> all() {
    return Stream.concat(
            TestingImages.all().map(arguments -> (TestingQcow2) arguments.get()[1]),
            Stream.of(TestingQcow2.extended(14, 40_000).subclusters(0, 0x0230, 0xf000)))
        .map(TestingQcow2::file)
        .filter(file -> file.length <= MAX_BYTES)
        .toList();
  }
}
