package io.vitrine.format.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.Extent;
import io.vitrine.format.block.TestingReads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawDiskTest {
  private static final int MIB = 1 << 20;

  /** As qemu-img 7.2 sees raw files of these lengths. */
  @ParameterizedTest
  @CsvSource({"0,0", "1,512", "511,512", "512,512", "513,1024", "1000,1024", "65537,66048"})
  void hasWholeSectors(int fileBytes, int diskBytes) throws IOException {
    var content = random(fileBytes);
    try (var disk = RawDisk.open(ArrivingSource.complete(content))) {
      assertThat(disk.sizeBytes()).isEqualTo(diskBytes);
      assertThat(TestingReads.whole(disk)).isEqualTo(Arrays.copyOf(content, diskBytes));
    }
  }

  @Test
  void givesFileInPieces() throws IOException {
    var disk = RawDisk.open(ArrivingSource.complete(random(5 * MIB + 100)));

    assertThat(TestingReads.list(disk.dataInFileOrder()))
        .containsExactly(
            new Extent(0, 2 * MIB, Extent.Kind.DATA),
            new Extent(2 * MIB, 2 * MIB, Extent.Kind.DATA),
            new Extent(4 * MIB, MIB + 100, Extent.Kind.DATA));
    assertThat(TestingReads.list(disk.extents(0, disk.sizeBytes())))
        .containsExactly(
            new Extent(0, 5 * MIB + 100, Extent.Kind.DATA),
            new Extent(5 * MIB + 100, 412, Extent.Kind.HOLE));
  }

  @Test
  void needsOnlyLengthBeforeContent() throws IOException {
    var file = ArrivingSource.ofKnownSize(random(3 * MIB));

    var disk = RawDisk.open(file);

    assertThat(TestingReads.list(disk.dataInFileOrder())).hasSize(2);
    assertThat(file.wasWaitedFor()).isFalse();
  }

  @Test
  void refusesWhatIsBehindTheEnd() throws IOException {
    var disk = RawDisk.open(ArrivingSource.complete(random(512)));

    assertThatThrownBy(() -> disk.read(1, ByteBuffer.allocate(512)))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void closesFile() throws IOException {
    var file = ArrivingSource.complete(new byte[1]);

    RawDisk.open(file).close();

    assertThat(file.isClosed()).isTrue();
  }

  private static byte[] random(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
