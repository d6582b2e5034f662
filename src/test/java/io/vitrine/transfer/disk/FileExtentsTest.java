package io.vitrine.transfer.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileExtentsTest {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  private final Path file;

  FileExtentsTest(@TempDir Path directory) {
    this.file = directory.resolve("blob");
  }

  private void write(int... offsets) throws IOException {
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int offset : offsets) {
        channel.write(ByteBuffer.wrap(new byte[64 * KIB]), offset);
      }
    }
  }

  @Test
  void knowsHolesFromData() throws IOException {
    write(0, 3 * MIB, 9 * MIB);

    try (var extents = new FileExtents(file, 9 * MIB + 64 * KIB)) {
      assertThat(extents.isHole(0, KIB)).isFalse();
      assertThat(extents.isHole(63 * KIB, 2 * KIB)).isFalse();
      assertThat(extents.isHole(64 * KIB, MIB)).isTrue();
      assertThat(extents.isHole(2 * MIB, MIB)).isTrue();
      assertThat(extents.isHole(3 * MIB - KIB, 2 * KIB)).isFalse();
      assertThat(extents.isHole(3 * MIB, KIB)).isFalse();
      assertThat(extents.isHole(9 * MIB - KIB, KIB)).isTrue();
      assertThat(extents.isHole(9 * MIB, KIB)).isFalse();
    }
  }

  @Test
  void knowsTheHoleAtTheEnd() throws IOException {
    write(0);
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[1]), 5 * MIB);
      channel.truncate(4 * MIB);
    }

    try (var extents = new FileExtents(file, 4 * MIB)) {
      assertThat(extents.isHole(MIB, 3 * MIB)).isTrue();
      assertThat(extents.isHole(4 * MIB - KIB, 2 * KIB)).isFalse();
    }
  }

  @Test
  void takesForDataWhatTheSystemDoesNotTellOf() {
    try (var extents = new FileExtents(file, 10)) {
      assertThat(extents.isHole(0, 10)).isFalse();
    }
  }
}
