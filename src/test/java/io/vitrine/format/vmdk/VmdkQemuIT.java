package io.vitrine.format.vmdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.format.FormatInspector;
import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.Extent;
import io.vitrine.format.block.FileSource;
import io.vitrine.format.block.InvalidImageException;
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
import java.util.concurrent.TimeUnit;
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

    qemuImg("convert", "-f", "raw", "-O", "vmdk", "-o", options, raw.toString(), image.toString());

    assertSameContent();
    assertRefusedWhenCut();
  }

  @Test
  void readsZeroedGrains() throws Exception {
    Files.write(raw, new byte[1 << 20]);
    qemuImg("create", "-f", "vmdk", "-o", "zeroed_grain=on", image.toString(), "1M");

    qemuImg(
        "convert", "-n", "-S", "0", "-f", "raw", "-O", "vmdk", raw.toString(), image.toString());

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

    qemuImg("check", "-f", "vmdk", image.toString());
    qemuImg("compare", "-f", "raw", "-F", "vmdk", raw.toString(), image.toString());
    assertThat(qemuImg("info", "-f", "vmdk", image.toString()))
        .contains("(" + Math.ceilDiv(sizeBytes, 512) * 512 + " bytes)")
        .contains("create type: streamOptimized");
    assertSameContent();
  }

  /** qemu-img cannot open it again, either. */
  @Test
  void refusesTheEmptyDiskThatQemuWrites() throws Exception {
    qemuImg("create", "-f", "vmdk", image.toString(), "0");

    assertThatThrownBy(() -> VmdkDisk.open(FileSource.open(image)))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("capacity");
  }

  private void assertSameContent() throws IOException {
    try (var disk = VmdkDisk.open(FileSource.open(image));
        var content = FileChannel.open(raw);
        var file = FileChannel.open(image)) {
      assertThat(disk.sizeBytes()).isEqualTo(Math.ceilDiv(content.size(), 512) * 512);
      assertSameContent(disk, disk.extents(0, disk.sizeBytes()), content);
      assertSameContent(disk, disk.dataInFileOrder(), content);
      assertThat(FormatInspector.inspect(file).violations()).isEmpty();
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
    try (var file = FileChannel.open(image)) {
      assertThat(FormatInspector.inspect(file).violations())
          .isNotEmpty()
          .allMatch(violation -> violation.reason().startsWith("is cut off: needs "));
    }
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

  private String qemuImg(String... arguments) throws Exception {
    var command = Stream.concat(Stream.of("qemu-img"), Arrays.stream(arguments)).toList();
    var log = directory.resolve("log");
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("qemu-img ends").isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    return Files.readString(log);
  }
}
