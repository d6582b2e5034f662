package io.vitrine.format.qcow2;

import static io.vitrine.format.TestingInspection.inspect;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.block.TestingReads;
import io.vitrine.format.probe.Violation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The inspection of an upload. That of cut images is in {@link Qcow2CutTest}. */
class Qcow2ProbeTest {
  @Test
  void tellsHowMuchIsMissing() {
    var image = TestingQcow2.version3(12, 40_000);
    var file = image.plain(1, image.random(1)).plain(0, image.random(2)).file();

    assertThat(inspect(Arrays.copyOf(file, 6 * 4096), 1 << 20).violations())
        .containsExactly(new Violation("structure", "is cut off: needs 28672 bytes, has 24576"));
  }

  @Test
  void followsTablesInEveryOrder() {
    var image = TestingQcow2.version3(9, 5 * 64 * 512);
    for (int table : new int[] {3, 0, 4, 1, 2}) {
      image.plain(table * 64, image.random(table));
    }
    image.plain(3 * 64 + 1, image.random(9));
    int length = image.file().length;

    assertThat(inspect(image.file(), 1000).violations()).isEmpty();
    assertThat(inspect(image.cutTo(length - 1).file(), 1000).violations()).hasSize(1);
  }

  @Test
  void doesNotFollowMoreThanTheFirstEntriesOfLargeL1Tables() {
    var image = TestingQcow2.version3(9, 0).int32(TestingQcow2.L1_SIZE, 400_000);
    int l1 = image.file().length;
    image.int64(TestingQcow2.L1_OFFSET, l1).int64(TestingQcow2.SIZE, 400_000L * 64 * 512);
    var file = Arrays.copyOf(image.file(), l1 + 400_000 * 8);
    ByteBuffer.wrap(file).putLong(l1 + 200_000 * 8, 1 << 30);

    assertThat(inspect(file, 100_000).violations()).isEmpty();
    ByteBuffer.wrap(file).putLong(l1 + 100_000 * 8, 1 << 30);
    assertThat(inspect(file, 100_000).violations())
        .extracting(Violation::reason)
        .containsExactly("is cut off: needs 1073742336 bytes, has " + file.length);
  }

  @Test
  void acceptsLargestClusters() {
    var image = TestingQcow2.version3(21, 5 << 20);

    assertThat(inspect(image.plain(2, image.random(1)).file(), 1 << 20).violations()).isEmpty();
  }

  @Test
  void acceptsWhatOnlyReadersOfTheDiskRefuse() {
    assertThat(inspect(spoiled(0, 1L << 61), 512).violations()).isEmpty();
    assertThat(inspect(spoiled(0, 512), 512).violations()).isEmpty();
    assertThat(inspect(spoiled(0, 1L << 62), 512).violations()).isEmpty();
  }

  private static byte[] spoiled(int cluster, long entry) {
    return TestingQcow2.version3(12, 40_000).entry(cluster, entry).file();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.vitrine.format.qcow2.TestingImages#all")
  void chunksDoNotMatter(String name, TestingQcow2 image) {
    var file = image.file();
    for (int length : new int[] {file.length, file.length - 100, file.length * 3 / 4}) {
      var cut = Arrays.copyOf(file, length);

      assertThat(inspect(cut, 777)).as(name).isEqualTo(inspect(cut, length));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.vitrine.format.qcow2.TestingImages#all")
  void spoiledImagesFailInOneWayOnly(String name, TestingQcow2 image) throws Exception {
    var random = new Random(name.hashCode());
    for (int i = 0; i < 30; i++) {
      var file = image.file();
      for (int spoiled = 0; spoiled <= i % 5; spoiled++) {
        int at = random.nextInt(i % 2 == 0 ? 128 : Math.min(file.length, 8 * image.clusterBytes()));
        // Positions stay below 4 GiB.
        file[at % 8 < 4 && at > 128 ? at | 4 : at] = (byte) random.nextInt();
      }

      assertThat(inspect(file, 10_000).findings()).as(name).isNotEmpty();
      readSome(file, random);
    }
  }

  private static void readSome(byte[] file, Random random) throws IOException {
    try (var disk = Qcow2Disk.open(ArrivingSource.complete(file))) {
      long size = disk.sizeBytes();
      for (int i = 0; i < 4 && size > 0; i++) {
        long offset = random.nextLong(size);
        TestingReads.piece(disk, offset, (int) Math.min(5000, size - offset));
      }
      var extents = disk.dataInFileOrder();
      for (var next = extents.next(); next.isPresent(); next = extents.next()) {
        TestingReads.piece(disk, next.get().offset(), (int) next.get().lengthBytes());
      }
    } catch (InvalidImageException refusal) {
      assertThat(refusal).hasMessageMatching("(is|has|uses|names) .*");
    }
  }
}
