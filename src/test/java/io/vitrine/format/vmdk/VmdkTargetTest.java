package io.vitrine.format.vmdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.format.FormatInspector;
import io.vitrine.format.block.BlockTarget;
import io.vitrine.format.block.FileSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.block.TestingReads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VmdkTargetTest {
  private static final int GRAIN = 64 << 10;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {1, 511, 512, 1000, GRAIN - 1, GRAIN, GRAIN + 1, 5_000_000, 40 << 20})
  void writesWhatIsReadAgain(int sizeBytes) throws IOException {
    var content = content(sizeBytes);
    var file = write(content);
    var rounded = Arrays.copyOf(content, Math.ceilDiv(sizeBytes, 512) * 512);

    try (var disk = VmdkDisk.open(FileSource.open(file))) {
      assertThat(disk.unitBytes()).isEqualTo(GRAIN);
      assertThat(TestingReads.whole(disk)).isEqualTo(rounded);
      assertThat(TestingReads.inFileOrder(disk)).isEqualTo(rounded);
    }
    try (var channel = FileChannel.open(file)) {
      var inspection = FormatInspector.inspect(channel);
      assertThat(inspection.violations()).isEmpty();
      assertThat(inspection.findings().getFirst().variant()).isEqualTo("streamoptimized");
      assertThat(inspection.virtualSizeBytes()).hasValue(rounded.length);
    }
  }

  @Test
  void writesNoZeros() throws IOException {
    var file = write(new byte[40 << 20]);

    // Overhead, directory, footer and three markers.
    assertThat(Files.size(file)).isEqualTo((128 + 1 + 1 + 3) * 512);
    try (var disk = VmdkDisk.open(FileSource.open(file))) {
      assertThat(disk.dataInFileOrder().next()).isEmpty();
      assertThat(TestingReads.whole(disk)).isEqualTo(new byte[40 << 20]);
    }
  }

  @Test
  void storesWhatCannotBeCompressed() throws IOException {
    var content = new byte[GRAIN];
    new Random(1).nextBytes(content);

    try (var disk = VmdkDisk.open(FileSource.open(write(content)))) {
      assertThat(TestingReads.whole(disk)).isEqualTo(content);
    }
  }

  @Test
  void writesDisksOfManyTables() throws IOException {
    var file = directory.resolve("large");
    long sizeBytes = (32L << 40) - 5;
    long last = sizeBytes / GRAIN * GRAIN;
    var data = ByteBuffer.allocate(GRAIN).put(7, (byte) 1);
    try (var target = VmdkTarget.create(file, sizeBytes)) {
      target.prepare(1L << 44, data.slice(0, GRAIN)).write();
      target.prepare(last, ByteBuffer.wrap(data.array(), 0, GRAIN - 5)).write();
      target.finish();
    }

    try (var disk = VmdkDisk.open(FileSource.open(file))) {
      var extents = disk.dataInFileOrder();
      assertThat(extents.next().orElseThrow().offset()).isEqualTo(1L << 44);
      assertThat(extents.next().orElseThrow().offset()).isEqualTo(last);
      assertThat(extents.next()).isEmpty();
    }
  }

  @Test
  void canPrepareInParallel() throws IOException {
    var content = content(8 << 20);
    var file = directory.resolve("parallel");
    try (var target = VmdkTarget.create(file, content.length)) {
      var units =
          IntStream.range(0, content.length / GRAIN)
              .parallel()
              .mapToObj(grain -> prepared(target, content, grain))
              .toList();
      for (var unit : units) {
        unit.write();
      }
      target.finish();
    }

    try (var disk = VmdkDisk.open(FileSource.open(file))) {
      assertThat(TestingReads.whole(disk)).isEqualTo(content);
    }
  }

  @Test
  void isNoImageUntilItIsFinished() throws IOException {
    var file = directory.resolve("unfinished");
    var content = content(5_000_000);
    try (var target = VmdkTarget.create(file, content.length)) {
      prepared(target, content, 0).write();
    }

    try (var channel = FileChannel.open(file)) {
      assertThat(FormatInspector.inspect(channel).violations()).isNotEmpty();
    }
  }

  @Test
  void refusesGrainsOutOfOrder() throws IOException {
    var content = content(5_000_000);
    try (var target = VmdkTarget.create(directory.resolve("disk"), content.length)) {
      assertThat(target.isOrdered()).isTrue();
      prepared(target, content, 1).write();

      assertThatThrownBy(() -> prepared(target, content, 1).write())
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> target.prepare(512, ByteBuffer.allocate(GRAIN)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> target.prepare(0, ByteBuffer.allocate(GRAIN - 1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, 0, (32L << 40) + 1, Long.MAX_VALUE})
  void refusesSizesThatCannotBe(long sizeBytes) {
    var file = directory.resolve("disk");

    assertThatThrownBy(() -> VmdkTarget.create(file, sizeBytes))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining(" " + sizeBytes + " bytes");
    assertThat(file).doesNotExist();
  }

  private Path write(byte[] content) throws IOException {
    var file = directory.resolve("disk");
    try (var target = VmdkTarget.create(file, content.length)) {
      for (int grain = 0; grain < Math.ceilDiv(content.length, GRAIN); grain++) {
        prepared(target, content, grain).write();
      }
      target.finish();
    }
    return file;
  }

  private static BlockTarget.PreparedUnit prepared(BlockTarget target, byte[] content, int grain) {
    int at = grain * GRAIN;
    try {
      return target.prepare(at, ByteBuffer.wrap(content, at, Math.min(GRAIN, content.length - at)));
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
  }

  /** Text and zeros by turns. */
  private static byte[] content(int sizeBytes) {
    var content = new byte[sizeBytes];
    for (int at = 0; at < sizeBytes; at++) {
      content[at] = (byte) (at / 200_000 % 3 == 1 ? 0 : at % 97 + at / 5000);
    }
    return content;
  }
}
