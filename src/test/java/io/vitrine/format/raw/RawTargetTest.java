package io.vitrine.format.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawTargetTest {
  private static final int BLOCK = 4096;

  @TempDir Path directory;

  @Test
  void writesAnyRangeInAnyOrder() throws IOException {
    var expected = new byte[3 * BLOCK + 17];
    Arrays.fill(expected, 5, 30, (byte) 7);
    Arrays.fill(expected, 2 * BLOCK + 1, 3 * BLOCK + 17, (byte) 8);

    assertThat(
            write(
                expected.length,
                target -> {
                  put(target, expected, 2 * BLOCK + 1, expected.length);
                  put(target, expected, 5, 30);
                }))
        .isEqualTo(expected);
  }

  @Test
  void leavesOutZerosAnywhere() throws IOException {
    var expected = new byte[10 * BLOCK];
    for (int at : new int[] {BLOCK + 100, 2 * BLOCK, 5 * BLOCK - 1, 9 * BLOCK}) {
      expected[at] = 1;
    }

    assertThat(write(expected.length, target -> put(target, expected, 512, expected.length)))
        .isEqualTo(expected);
  }

  @Test
  void keepsHoles() throws IOException {
    var data = new byte[1 << 20];
    data[0] = 1;
    data[(1 << 20) - 1] = 1;
    var file = directory.resolve("disk");
    long size = 1L << 40;

    try (var target = RawTarget.create(file, size)) {
      put(target, data, 0, data.length);
      target.finish();
    }

    assertThat(Files.size(file)).isEqualTo(size);
    assertThat(allocatedBytes(file)).isLessThanOrEqualTo(16 * BLOCK);
  }

  @Test
  void emptiesExistingFile() throws IOException {
    Files.write(directory.resolve("disk"), new byte[] {1, 2, 3, 4, 5});

    assertThat(write(3, target -> {})).isEqualTo(new byte[3]);
  }

  @Test
  void isNoDiskUntilFinished() throws IOException {
    var file = directory.resolve("disk");

    RawTarget.create(file, BLOCK).close();

    assertThat(file).isEmptyFile();
  }

  @Test
  void refusesWhatIsBehindTheEnd() throws IOException {
    try (var target = RawTarget.create(directory.resolve("disk"), BLOCK)) {
      assertThatThrownBy(() -> target.prepare(1, ByteBuffer.allocate(BLOCK)))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  private interface Writes {
    void to(RawTarget target) throws IOException;
  }

  private byte[] write(long sizeBytes, Writes writes) throws IOException {
    var file = directory.resolve("disk");
    try (var target = RawTarget.create(file, sizeBytes)) {
      writes.to(target);
      target.finish();
    }
    return Files.readAllBytes(file);
  }

  private static void put(RawTarget target, byte[] disk, int from, int to) throws IOException {
    target.prepare(from, ByteBuffer.wrap(disk, from, to - from)).write();
  }

  private static long allocatedBytes(Path file) throws IOException {
    var process = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
    try (var lines = process.inputReader()) {
      return Long.parseLong(lines.readLine()) * 512;
    }
  }
}
