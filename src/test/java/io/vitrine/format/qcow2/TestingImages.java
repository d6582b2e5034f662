package io.vitrine.format.qcow2;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** A sound image for every feature of the format. */
final class TestingImages {
  private TestingImages() {}

  static Stream<Arguments> all() {
    return Stream.concat(plain(), compressed());
  }

  /** Without compression. */
  static Stream<Arguments> plain() {
    return Stream.of(
        arguments("no disk", TestingQcow2.version3(16, 0)),
        arguments("never written", TestingQcow2.version3(16, 300_000)),
        arguments("table without data", TestingQcow2.version3(16, 300_000).table(0)),
        arguments("version 3", mixed(TestingQcow2.version3(12, 100_000)).zeros(20)),
        arguments("version 2", mixed(TestingQcow2.version2(12, 100_000))),
        arguments("smallest clusters", mixed(TestingQcow2.version3(9, 90_001))),
        arguments("largest clusters", large()),
        arguments("zeros", zeros()),
        arguments("subclusters", subclusters()),
        arguments(
            "dirty", mixed(TestingQcow2.version3(12, 90_112).int64(TestingQcow2.FEATURES, 1))),
        arguments("snapshots", mixed(TestingQcow2.version3(9, 70_000).snapshots(2))),
        arguments("small counts", mixed(version3().int32(TestingQcow2.REFCOUNT_ORDER, 0))),
        arguments("L1 table larger than needed", mixed(version3().int32(TestingQcow2.L1_SIZE, 9))),
        arguments("L1 table at the end", mixed(TestingQcow2.version3(9, 70_000)).moveL1()),
        arguments("data before its table", beforeTable()),
        arguments("unknown extension", mixed(version3().int32(112, 99).int32(116, 5))));
  }

  static Stream<Arguments> compressed() {
    return Stream.of(
        arguments("zlib", packed(TestingQcow2.version3(12, 100_000))),
        arguments("zlib in version 2", packed(TestingQcow2.version2(12, 100_000))),
        arguments("zlib in smallest clusters", packed(TestingQcow2.version3(9, 60_000))),
        arguments("zlib in largest clusters", packed(TestingQcow2.version3(21, 9 << 20))),
        arguments("zlib among subclusters", packed(TestingQcow2.extended(14, 200_000))),
        arguments("zstd", packed(TestingQcow2.version3(12, 100_000).zstd())),
        arguments("zstd in default clusters", packed(TestingQcow2.version3(16, 700_001).zstd())),
        arguments("cut after compressed data", cut(TestingQcow2.version3(12, 100_000))),
        arguments("cut after zstd", cut(TestingQcow2.version3(12, 100_000).zstd())));
  }

  private static TestingQcow2 version3() {
    return TestingQcow2.version3(12, 90_112);
  }

  /** Data in order, in runs, out of order, and at the end of the disk. */
  private static TestingQcow2 mixed(TestingQcow2 image) {
    int last = (image.disk().length - 1) / image.clusterBytes();
    return image
        .plain(0, image.random(1))
        .plain(last, image.random(2))
        .plain(3, image.random(3))
        .plain(4, image.random(4))
        .plain(6, image.random(5))
        .plain(2, image.random(6));
  }

  private static TestingQcow2 large() {
    var image = TestingQcow2.version3(21, (6 << 20) + 5);
    return image.plain(1, image.random(1)).plain(3, image.random(2)).plain(0, image.random(3));
  }

  private static TestingQcow2 beforeTable() {
    var image = TestingQcow2.version3(9, 70_000);
    return image.plainBeforeTable(0, image.random(1)).plainBeforeTable(70, image.random(2));
  }

  private static TestingQcow2 zeros() {
    var image = version3();
    return image.plain(0, image.random(1)).zeros(1).preallocatedZeros(2).zeros(21);
  }

  private static TestingQcow2 subclusters() {
    var image = TestingQcow2.extended(14, 180_500);
    return image
        .subclusters(0, -1, 0)
        .subclusters(1, 0x00ff_1230, 0x0f00_0001)
        .subclusters(2, 0, 5)
        .subclusters(4, 1 << 31, ~(1 << 31))
        .subclusters(11, 3, 0);
  }

  private static TestingQcow2 packed(TestingQcow2 image) {
    int last = (image.disk().length - 1) / image.clusterBytes();
    return image
        .compressed(0, image.text(3))
        .compressed(1, image.text(7))
        .plain(2, image.random(1))
        .compressed(3, image.text(11))
        .compressed(last, image.text(13))
        .compressed(4, image.text(5));
  }

  /** The last sector of compressed data is not whole. */
  private static TestingQcow2 cut(TestingQcow2 image) {
    image.compressed(0, image.text(3)).compressed(3, image.text(5));
    return image.cutTo(image.packed());
  }
}
