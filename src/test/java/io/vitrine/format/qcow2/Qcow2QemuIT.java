package io.vitrine.format.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.TestingInspection;
import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.ClusterCompression;
import io.vitrine.format.block.FileSource;
import io.vitrine.format.block.TestingReads;
import io.vitrine.testing.TestingQemuImg;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that qemu-img writes are read as it reads them, and it finds no fault with ours. */
@Tag("qemu")
class Qcow2QemuIT {
  private static final int DISK_BYTES = (5 << 20) + 512;
  private static final int UNIT = 64 << 10;

  @TempDir Path directory;

  private Path disk;
  private Path image;

  @BeforeEach
  void writeDisk() throws IOException {
    disk = Files.write(directory.resolve("disk"), disk());
    image = directory.resolve("image");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compat=0.10",
        "compat=1.1",
        "cluster_size=512",
        "cluster_size=4k",
        "cluster_size=2M",
        "extended_l2=on,cluster_size=16k",
        "extended_l2=on",
        "extended_l2=on,cluster_size=2M",
        "lazy_refcounts=on",
        "refcount_bits=1",
        "refcount_bits=2",
        "refcount_bits=8",
        "refcount_bits=64",
        "preallocation=metadata",
        "preallocation=falloc",
        "preallocation=full",
        "preallocation=metadata,cluster_size=512",
        "preallocation=metadata,extended_l2=on"
      })
  void readsConvertedDisks(String options) throws Exception {
    TestingQemuImg.run("convert", "-f", "raw", "-O", "qcow2", "-o", options, disk, image);

    assertReadsAsQemuDoes();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compat=0.10",
        "cluster_size=512",
        "cluster_size=64k",
        "cluster_size=2M",
        "extended_l2=on,cluster_size=16k",
        "compression_type=zstd,cluster_size=4k",
        "compression_type=zstd",
        "compression_type=zstd,cluster_size=2M",
        "compression_type=zstd,extended_l2=on"
      })
  void readsCompressedDisks(String options) throws Exception {
    TestingQemuImg.run("convert", "-c", "-f", "raw", "-O", "qcow2", "-o", options, disk, image);

    assertReadsAsQemuDoes();
  }

  @ParameterizedTest
  @ValueSource(strings = {"compat=0.10", "compat=1.1", "extended_l2=on", "cluster_size=512"})
  void readsDisksThatGuestsHaveWritten(String options) throws Exception {
    TestingQemuImg.run("create", "-q", "-f", "qcow2", "-o", options, image, "3000320");
    TestingQemuImg.io("-c", "write -P 1 100k 70k", "-c", "write -z 200k 300k", image);
    TestingQemuImg.run("snapshot", "-c", "first", image);
    TestingQemuImg.io("-c", "write -P 2 120k 1k", "-c", "write -P 3 2900k 9k", image);
    TestingQemuImg.run("snapshot", "-c", "second", image);
    TestingQemuImg.io("-c", "write -P 4 0 512", "-c", "discard 0 100k", image);

    assertReadsAsQemuDoes();
    assertThat(remarks()).isEqualTo("2 internal snapshots");
  }

  @Test
  void readsResizedDisks() throws Exception {
    TestingQemuImg.run(
        "convert", "-f", "raw", "-O", "qcow2", "-o", "cluster_size=512", disk, image);
    TestingQemuImg.run("resize", "-q", image, "40M");
    TestingQemuImg.io("-c", "write -P 5 39M 70k", image);
    assertReadsAsQemuDoes();

    TestingQemuImg.run("resize", "-q", "--shrink", image, "2M");
    assertReadsAsQemuDoes();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "512", "700k", "1T"})
  void readsEmptyDisks(String size) throws Exception {
    TestingQemuImg.run("create", "-q", "-f", "qcow2", image, size);

    try (var source = Qcow2Disk.open(FileSource.open(image))) {
      assertThat(TestingReads.list(source.dataInFileOrder())).isEmpty();
      assertThat(TestingReads.list(source.extents(0, source.sizeBytes())))
          .hasSize(source.sizeBytes() == 0 ? 0 : 1);
    }
    assertIsAccepted();
  }

  @ParameterizedTest
  @EnumSource(ClusterCompression.class)
  void writesWhatQemuReads(ClusterCompression compression) throws Exception {
    for (int size : new int[] {0, 512, UNIT, DISK_BYTES}) {
      write(Arrays.copyOf(disk(), size), compression);

      TestingQemuImg.run("check", "-f", "qcow2", image);
      Files.write(disk, Arrays.copyOf(disk(), size));
      TestingQemuImg.run("compare", "-f", "raw", "-F", "qcow2", disk, image);
      assertIsAccepted();
    }
  }

  @ParameterizedTest
  @EnumSource(ClusterCompression.class)
  void writesLargeDisks(ClusterCompression compression) throws Exception {
    long sizeBytes = 300L << 40;
    try (var target = Qcow2Target.create(image, sizeBytes, compression)) {
      for (long offset = 0; offset < sizeBytes; offset += sizeBytes / 32) {
        target.prepare(offset, ByteBuffer.wrap(disk(), 0, UNIT)).write();
      }
      target.finish();
    }

    TestingQemuImg.run("check", "-f", "qcow2", image);
    assertThat(TestingQemuImg.io("-c", "read -v 0 16", image)).contains("read 16/16 bytes");
  }

  private void write(byte[] content, ClusterCompression compression) throws IOException {
    try (var target = Qcow2Target.create(image, content.length, compression)) {
      for (int at = 0; at < content.length; at += UNIT) {
        int length = Math.min(UNIT, content.length - at);
        target.prepare(at, ByteBuffer.wrap(content, at, length)).write();
      }
      target.finish();
    }
  }

  private void assertReadsAsQemuDoes() throws Exception {
    var raw = directory.resolve("raw");
    TestingQemuImg.run("convert", "-f", "qcow2", "-O", "raw", image, raw);
    var expected = Files.readAllBytes(raw);
    var file = Files.readAllBytes(image);

    TestingQcow2.DISKS.holds(file, expected);
    assertIsAccepted();
  }

  private void assertIsAccepted() throws IOException {
    assertThat(TestingInspection.inspect(image).violations()).isEmpty();
  }

  private String remarks() throws IOException {
    try (BlockSource source = Qcow2Disk.open(FileSource.open(image))) {
      return source.remarks();
    }
  }

  /** Random bytes, text with matches far away, and zeros. */
  private static byte[] disk() {
    var disk = new byte[DISK_BYTES];
    var random = new Random(5);
    for (int at = 0; at < DISK_BYTES; at++) {
      disk[at] =
          switch (at / 150_000 % 4) {
            case 0 -> (byte) random.nextInt();
            case 1 -> (byte) (at / 7 % 50);
            case 2 -> at % UNIT < 20_000 ? (byte) random.nextInt() : disk[at - 20_000];
            default -> 0;
          };
    }
    return disk;
  }
}
