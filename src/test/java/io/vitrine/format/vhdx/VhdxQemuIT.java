package io.vitrine.format.vhdx;

import static io.vitrine.format.vhdx.TestingVhdx.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.TestingInspection;
import io.vitrine.format.block.Extent;
import io.vitrine.format.block.FileSource;
import io.vitrine.format.block.TestingReads;
import io.vitrine.testing.TestingQemuImg;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Disks that qemu-img writes are read as qemu-img reads them, and so are those with a log. */
@Tag("qemu")
@Timeout(120)
class VhdxQemuIT {
  private static final int PIECE_BYTES = 2 * MIB;

  @TempDir private Path directory = Path.of("");
  private Path raw = Path.of("");
  private Path image = Path.of("");

  @BeforeEach
  void nameFiles() {
    raw = directory.resolve("disk.raw");
    image = directory.resolve("disk.vhdx");
  }

  @ParameterizedTest
  @CsvSource({
    "dynamic, 1,   20971520",
    "dynamic, 1,   20972032",
    "dynamic, 2,   5242880",
    "dynamic, 8,   33554432",
    "dynamic, 32,  8589934592",
    "dynamic, 64,  8589934592",
    "dynamic, 256, 8589934592",
    "dynamic, 256, 512",
    "dynamic, 1,   8589934592",
    "fixed,   1,   20972032",
    "fixed,   8,   20971520",
    "fixed,   256, 25165824"
  })
  void readsWhatQemuWrites(String subformat, int blockMib, long diskBytes) throws Exception {
    writeDisk(diskBytes);
    var options = "subformat=%s,block_size=%dM".formatted(subformat, blockMib);
    TestingQemuImg.run("convert", "-f", "raw", "-O", "vhdx", "-o", options, raw, image);

    assertReadsLike(raw);
    assertAccepted();
  }

  @Test
  void readsDisksWithoutStatesOfZero() throws Exception {
    writeDisk(64 * MIB);
    var options = "block_size=4M,block_state_zero=off";
    TestingQemuImg.run("convert", "-f", "raw", "-O", "vhdx", "-o", options, raw, image);

    assertReadsLike(raw);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "250, 0", "0, 4294967295"})
  void replaysLogsAsQemuDoes(int firstSector, long sequenceNumber) throws Exception {
    var mapped = TestingVhdx.small();
    var bat = Arrays.copyOfRange(mapped.toBytes(), 2 * MIB, 2 * MIB + 4096);
    var log =
        TestingLog.at(firstSector)
            .add(entry(sequenceNumber + 1).data(2 * MIB, new byte[4096]).zero(6 * MIB, 8192))
            .add(entry(sequenceNumber + 2).zero(2 * MIB, 64 << 10).data(2 * MIB, bat))
            .add(entry(sequenceNumber + 3).zero(4 * MIB + 4096, 4096));
    for (int block = 0; block < 6; block++) {
      mapped.state(block, 0);
    }
    Files.write(image, mapped.log(log).toBytes());
    var replayed = Files.copy(image, directory.resolve("replayed.vhdx"));
    TestingQemuImg.run("check", "-r", "all", "-f", "vhdx", replayed);
    TestingQemuImg.run("convert", "-f", "vhdx", "-O", "raw", replayed, raw);

    assertReadsLike(raw);
    assertAccepted();
  }

  private static TestingLog.Entry entry(long sequenceNumber) {
    return new TestingLog.Entry(sequenceNumber).fileBytes(8 * MIB, 8 * MIB);
  }

  /** A sparse disk with random data at both ends and in between. */
  private void writeDisk(long diskBytes) throws IOException {
    var random = new Random(diskBytes);
    try (var file = write(raw)) {
      for (long offset : new long[] {0, diskBytes / 3, diskBytes / 2, diskBytes - 512}) {
        var data = new byte[(int) Math.min(1_500_000, diskBytes - offset)];
        random.nextBytes(data);
        file.write(ByteBuffer.wrap(data), offset);
      }
    }
  }

  private static FileChannel write(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private void assertReadsLike(Path expected) throws Exception {
    var converted = directory.resolve("converted.raw");
    try (var disk = VhdxDisk.open(FileSource.open(image));
        var file = write(converted)) {
      assertThat(disk.sizeBytes()).isEqualTo(Files.size(expected));
      for (var extent : TestingReads.list(disk.dataInFileOrder())) {
        var data = TestingReads.piece(disk, extent.offset(), (int) extent.lengthBytes());
        if (!Arrays.equals(data, new byte[data.length])) {
          file.write(ByteBuffer.wrap(data), extent.offset());
        }
      }
      if (file.size() < disk.sizeBytes()) {
        file.write(ByteBuffer.allocate(1), disk.sizeBytes() - 1);
      }
      for (var extent : TestingReads.list(disk.extents(0, disk.sizeBytes()))) {
        if (extent.kind() == Extent.Kind.DATA) {
          int length = (int) Math.min(extent.lengthBytes(), PIECE_BYTES);
          assertThat(TestingReads.piece(disk, extent.offset(), length))
              .isEqualTo(range(expected, extent.offset(), length));
        }
      }
    }
    TestingQemuImg.run("compare", "-f", "raw", "-F", "raw", expected, converted);
  }

  private static byte[] range(Path path, long offset, int lengthBytes) throws IOException {
    var target = ByteBuffer.allocate(lengthBytes);
    try (var file = FileSource.open(path)) {
      file.read(offset, target);
    }
    return target.array();
  }

  /** Accepted at upload, with the right size. */
  private void assertAccepted() throws IOException {
    var inspection = TestingInspection.inspect(image);
    assertThat(inspection.violations()).isEmpty();
    assertThat(inspection.virtualSizeBytes()).hasValue(Files.size(raw));
  }
}
