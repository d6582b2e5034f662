package io.vitrine.format.vmdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.format.TestingInspection;
import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.Extent;
import io.vitrine.format.block.FileSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.testing.TestingQemuImg;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What qemu-img writes can be read, and qemu-img reads what is written. */
@Tag("qemu")
class VmdkQemuIT {
  private static final long GIB = 1L << 30;
  private static final int GRAIN = 64 << 10;

  @TempDir Path directory;
  private Path raw;
  private Path image;

  @BeforeEach
  void nameFiles() {
    raw = directory.resolve("raw");
    image = directory.resolve("image");
  }

  static Stream<Arguments> images() {
    return Stream.of(
            "subformat=monolithicSparse",
            "subformat=monolithicSparse,zeroed_grain=on",
            "subformat=streamOptimized",
            "subformat=streamOptimized,zeroed_grain=on")
        .flatMap(
            options ->
                Stream.of(1L, 512L, 1000L, 65535L, 65536L, 3_000_000L, 8 * GIB, 8 * GIB + 700)
                    .map(sizeBytes -> arguments(options, sizeBytes)));
  }

  @ParameterizedTest
  @MethodSource("images")
  void readsWhatQemuWrites(String options, long sizeBytes) throws Exception {
    writeRaw(sizeBytes);

    TestingQemuImg.run("convert", "-f", "raw", "-O", "vmdk", "-o", options, raw, image);

    assertSameContent();
    assertRefusedWhenCut();
  }

  @Test
  void readsZeroedGrains() throws Exception {
    Files.write(raw, new byte[1 << 20]);
    TestingQemuImg.run("create", "-f", "vmdk", "-o", "zeroed_grain=on", image, "1M");

    TestingQemuImg.run("convert", "-n", "-S", "0", "-f", "raw", "-O", "vmdk", raw, image);

    assertSameContent();
    try (var disk = VmdkDisk.open(FileSource.open(image))) {
      assertThat(disk.extents(0, 1 << 20).next().orElseThrow().kind())
          .isNotEqualTo(Extent.Kind.HOLE);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 512, 1000, 65535, 65536, 3_000_000, 8 * GIB, 8 * GIB + 700})
  void writesWhatQemuReads(long sizeBytes) throws Exception {
    writeRaw(sizeBytes);
    writeImage(sizeBytes);

    TestingQemuImg.run("check", "-f", "vmdk", image);
    TestingQemuImg.run("compare", "-f", "raw", "-F", "vmdk", raw, image);
    assertThat(TestingQemuImg.run("info", "-f", "vmdk", image))
        .contains("(" + Math.ceilDiv(sizeBytes, 512) * 512 + " bytes)")
        .contains("create type: streamOptimized");
    assertSameContent();
  }

  /** qemu-img cannot open it again, either. */
  @Test
  void refusesTheEmptyDiskThatQemuWrites() throws Exception {
    TestingQemuImg.run("create", "-f", "vmdk", image, "0");

    assertThatThrownBy(() -> VmdkDisk.open(FileSource.open(image)))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("capacity");
  }

  private void assertSameContent() throws IOException {
    try (var disk = VmdkDisk.open(FileSource.open(image));
        var content = FileChannel.open(raw)) {
      assertThat(disk.sizeBytes()).isEqualTo(Math.ceilDiv(content.size(), 512) * 512);
      assertSameContent(disk, disk.extents(0, disk.sizeBytes()), content);
      assertSameContent(disk, disk.dataInFileOrder(), content);
      assertThat(TestingInspection.inspect(image).violations()).isEmpty();
    }
  }

  /** All that is not in the extents must be holes of the content. */
  private static void assertSameContent(
      BlockSource disk, BlockSource.Extents extents, FileChannel content) throws IOException {
    long grains = 0;
    for (var next = extents.next(); next.isPresent(); next = extents.next()) {
      var extent = next.get();
      for (long at = extent.offset();
          at < extent.end() && extent.kind() == Extent.Kind.DATA;
          at += GRAIN) {
        int length = (int) Math.min(GRAIN, extent.end() - at);
        var read = ByteBuffer.allocate(length);
        disk.read(at, read);
        assertThat(read.array()).isEqualTo(bytes(content, at, length));
        grains++;
      }
    }
    assertThat(grains).isGreaterThanOrEqualTo(written(content.size()).size());
  }

  /** The last byte of the last grain is needed, or that which ends the compressed data. */
  private void assertRefusedWhenCut() throws IOException {
    try (var file = FileChannel.open(image, StandardOpenOption.WRITE)) {
      file.truncate(file.size() - GRAIN - 512);
    }
    assertThat(TestingInspection.inspect(image).violations())
        .isNotEmpty()
        .allMatch(violation -> violation.reason().startsWith("is cut off: needs "));
  }

  private static byte[] bytes(FileChannel content, long offset, int length) throws IOException {
    var bytes = ByteBuffer.allocate(length);
    content.read(bytes, offset);
    return bytes.array();
  }

  /** Where the disk has content: at its start, in places, and at its end. */
  private static List<Long> written(long sizeBytes) {
    return Stream.of(0L, sizeBytes / GRAIN / 3 * GRAIN, (sizeBytes - 1) / GRAIN * GRAIN)
        .distinct()
        .toList();
  }

  private void writeRaw(long sizeBytes) throws IOException {
    var random = new Random(sizeBytes);
    try (var file = new RandomAccessFile(raw.toFile(), "rw")) {
      file.setLength(sizeBytes);
      for (long at : written(sizeBytes)) {
        var data = new byte[(int) Math.min(GRAIN, sizeBytes - at)];
        random.nextBytes(data);
        Arrays.fill(data, data.length / 3, data.length / 2, (byte) 7);
        file.seek(at);
        file.write(data);
      }
    }
  }

  private void writeImage(long sizeBytes) throws IOException {
    try (var target = VmdkTarget.create(image, sizeBytes);
        var content = FileChannel.open(raw)) {
      for (long at : written(sizeBytes)) {
        int length = (int) Math.min(GRAIN, sizeBytes - at);
        target.prepare(at, ByteBuffer.wrap(bytes(content, at, length))).write();
      }
      target.finish();
    }
  }
}
