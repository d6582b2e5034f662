package io.vitrine.format.qcow2;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Small images of every kind, to be spoiled. */
public final class TestingQcow2Samples {
  private static final int MAX_BYTES = 256 << 10;

  private static final int CLUSTER_BITS = 16;

  private TestingQcow2Samples() {}

  /** An image of a disk of whole clusters of 64 KiB, whose tables lie in front of the data. */
  public static byte[] tablesInFront(byte[] disk) {
    var image = TestingQcow2.version3(CLUSTER_BITS, disk.length).table(0);
    for (int cluster = 0; cluster < disk.length >> CLUSTER_BITS; cluster++) {
      int from = cluster << CLUSTER_BITS;
      image.plain(cluster, Arrays.copyOfRange(disk, from, from + (1 << CLUSTER_BITS)));
    }
    return image.file();
  }

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
