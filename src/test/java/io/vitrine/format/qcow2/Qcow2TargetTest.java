package io.vitrine.format.qcow2;

import static io.vitrine.format.TestingInspection.inspect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.format.block.BlockTarget;
import io.vitrine.format.block.ClusterCompression;
import io.vitrine.format.block.FileSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.block.TestingReads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class Qcow2TargetTest {
  private static final int UNIT = 64 << 10;

  @TempDir Path directory;

  static Stream<Arguments> disks() {
    return Stream.of(0, 1, 512, UNIT, UNIT + 1, 40 * UNIT, 70 * UNIT - 100)
        .flatMap(
            size ->
                Stream.of(ClusterCompression.values())
                    .map(compression -> arguments(size, compression)));
  }

  @ParameterizedTest
  @MethodSource("disks")
  void writesWhatIsReadAgain(int sizeBytes, ClusterCompression compression) throws Exception {
    var disk = disk(sizeBytes);

    var file = write(disk, compression, 1);

    TestingQcow2.DISKS.holds(file, disk);
  }

  @ParameterizedTest
  @EnumSource(ClusterCompression.class)
  void countsReferencesExactly(ClusterCompression compression) throws Exception {
    var file = write(disk(120 * UNIT), compression, 1);

    assertThat(TestingRefcounts.stated(file)).isEqualTo(TestingRefcounts.counted(file));
  }

  @ParameterizedTest
  @EnumSource(ClusterCompression.class)
  void isWrittenByManyThreads(ClusterCompression compression) throws Exception {
    var disk = disk(150 * UNIT);

    var file = write(disk, compression, 4);

    assertThat(TestingQcow2.DISKS.whole(file)).isEqualTo(disk);
    assertThat(TestingRefcounts.stated(file)).isEqualTo(TestingRefcounts.counted(file));
  }

  @Test
  void isAcceptedAsAnUpload() throws Exception {
    var inspection = inspect(write(disk(30 * UNIT), ClusterCompression.ZSTD, 1));

    assertThat(inspection.violations()).isEmpty();
    assertThat(inspection.virtualSizeBytes()).hasValue(30 * UNIT);
  }

  @Test
  void leavesZerosOut() throws Exception {
    var file = write(new byte[100 * UNIT], ClusterCompression.NONE, 1);

    assertThat(file).hasSizeLessThanOrEqualTo(4 * UNIT);
    assertThat(TestingQcow2.DISKS.whole(file)).isEqualTo(new byte[100 * UNIT]);
  }

  @Test
  void packsCompressedClusters() throws Exception {
    var disk = new byte[100 * UNIT];
    Arrays.fill(disk, (byte) 7);

    for (var compression :
        new ClusterCompression[] {ClusterCompression.ZLIB, ClusterCompression.ZSTD}) {
      assertThat(write(disk, compression, 1)).hasSizeLessThanOrEqualTo(6 * UNIT);
    }
  }

  @Test
  void storesIncompressibleClustersAsTheyAre() throws Exception {
    var disk = new byte[10 * UNIT];
    new Random(1).nextBytes(disk);

    for (var compression : ClusterCompression.values()) {
      assertThat(write(disk, compression, 1)).hasSizeLessThanOrEqualTo(15 * UNIT);
    }
  }

  @Test
  void mapsLargeDisks() throws Exception {
    long sizeBytes = 2L << 50;
    var last = ByteBuffer.wrap(disk(UNIT));
    var path = directory.resolve("image");

    try (var target = Qcow2Target.create(path, sizeBytes, ClusterCompression.ZLIB)) {
      target.prepare(sizeBytes - UNIT, last).write();
      target.prepare(0, last).write();
      target.prepare(5L << 40, last).write();
      target.finish();
    }

    try (var disk = Qcow2Disk.open(FileSource.open(path))) {
      assertThat(disk.sizeBytes()).isEqualTo(sizeBytes);
      assertThat(TestingReads.list(disk.dataInFileOrder())).hasSize(3);
      for (long offset : new long[] {0, 5L << 40, sizeBytes - UNIT}) {
        assertThat(TestingReads.piece(disk, offset, UNIT)).isEqualTo(last.array());
      }
      assertThat(TestingReads.piece(disk, 1L << 40, UNIT)).containsOnly(0);
    }
  }

  @Test
  void refusesLargerDisks() {
    assertThatThrownBy(
            () ->
                Qcow2Target.create(
                    directory.resolve("image"), (2L << 50) + 1, ClusterCompression.NONE))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("at most 2251799813685248 are possible");
  }

  @Test
  void emptiesAnExistingFile() throws Exception {
    Files.write(directory.resolve("image"), disk(90 * UNIT));

    var file = write(new byte[UNIT], ClusterCompression.NONE, 1);

    assertThat(file).hasSizeLessThan(5 * UNIT);
  }

  @Test
  void isNoImageUntilItIsFinished() throws Exception {
    var path = directory.resolve("image");

    try (var target = Qcow2Target.create(path, UNIT, ClusterCompression.NONE)) {
      target.prepare(0, ByteBuffer.wrap(disk(UNIT))).write();
    }

    assertThatThrownBy(() -> Qcow2Disk.open(FileSource.open(path)))
        .isInstanceOf(InvalidImageException.class);
  }

  private byte[] write(byte[] disk, ClusterCompression compression, int threads) throws Exception {
    var path = directory.resolve("image");
    try (var target = Qcow2Target.create(path, disk.length, compression);
        var pool = Executors.newFixedThreadPool(threads)) {
      var writes = new ArrayList<Future<?>>();
      for (int offset = 0; offset < disk.length; offset += target.unitBytes()) {
        int at = offset;
        writes.add(
            pool.submit(
                () -> {
                  write(disk, at, target);
                  return true;
                }));
      }
      for (var write : writes) {
        write.get();
      }
      target.finish();
    }
    return Files.readAllBytes(path);
  }

  private static void write(byte[] disk, int at, BlockTarget target) throws IOException {
    int length = Math.min(target.unitBytes(), disk.length - at);
    target.prepare(at, ByteBuffer.wrap(disk, at, length)).write();
  }

  /** Units of text, of zeros, that cannot be compressed, and of both halves. */
  private static byte[] disk(int sizeBytes) {
    var disk = new byte[sizeBytes];
    var random = new Random(sizeBytes);
    for (int at = 0; at < sizeBytes; at++) {
      int unit = at / UNIT;
      disk[at] =
          switch (unit % 5) {
            case 0, 3 -> (byte) (at / (unit + 1) % 90);
            case 1 -> (byte) random.nextInt();
            case 2 -> at % UNIT < UNIT / 2 ? (byte) random.nextInt() : 9;
            default -> 0;
          };
    }
    return disk;
  }
}
