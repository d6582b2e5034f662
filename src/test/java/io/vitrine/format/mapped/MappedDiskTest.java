package io.vitrine.format.mapped;

import static io.vitrine.format.mapped.ModelDisk.UNIT;
import static io.vitrine.format.mapped.ModelDisk.compressed;
import static io.vitrine.format.mapped.ModelDisk.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.Extent;
import io.vitrine.format.block.Extent.Kind;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.block.TestingReads;
import io.vitrine.format.mapped.Stored.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MappedDiskTest {
  private final byte[] content = new byte[20 * UNIT];

  MappedDiskTest() {
    new Random(3).nextBytes(content);
  }

  @Test
  void readsAcrossAllKinds() throws IOException {
    var disk = disk(plain(7), compressed(5), Stored.ZERO, Stored.HOLE, plain(2), plain(3));
    var expected = ByteBuffer.allocate(6 * UNIT);
    expected.put(content, 7 * UNIT, UNIT);
    expected.put(repeated(content[5]));
    expected.position(4 * UNIT).put(content, 2 * UNIT, 2 * UNIT);

    assertThat(TestingReads.piece(disk, 0, 6 * UNIT)).isEqualTo(expected.array());
    for (int offset : new int[] {1, UNIT - 1, UNIT, 2 * UNIT - 5, 5 * UNIT}) {
      assertThat(TestingReads.piece(disk, offset, UNIT))
          .isEqualTo(Arrays.copyOfRange(expected.array(), offset, offset + UNIT));
    }
  }

  @Test
  void inflatesOnceForSmallReads() throws IOException {
    var disk = disk(compressed(5));

    for (int offset = 0; offset < UNIT; offset += 16) {
      assertThat(TestingReads.piece(disk, offset, 16)).containsOnly(content[5]);
    }

    assertThat(disk.inflations()).isEqualTo(1);
  }

  @Test
  void inflatesIntoBufferForWholeReads() throws IOException {
    var disk = disk(compressed(5), compressed(6));

    TestingReads.piece(disk, 0, 2 * UNIT);
    TestingReads.piece(disk, 0, 2 * UNIT);

    assertThat(disk.inflations()).isEqualTo(4);
  }

  @Test
  void keepsRestOfBuffer() throws IOException {
    var buffer = ByteBuffer.allocate(100).position(10).limit(20);

    disk(plain(0)).read(3, buffer);

    assertThat(buffer.position()).isEqualTo(20);
    assertThat(buffer.limit()).isEqualTo(20);
    assertThat(buffer.get(10)).isEqualTo(content[3]);
    assertThat(buffer.get(19)).isEqualTo(content[12]);
  }

  @Test
  void mergesExtentsOfOneKind() throws IOException {
    var disk = disk(plain(7), compressed(5), Stored.ZERO, Stored.HOLE, Stored.HOLE, plain(2));

    assertThat(TestingReads.list(disk.extents(0, 6 * UNIT)))
        .containsExactly(
            new Extent(0, 2 * UNIT, Kind.DATA),
            new Extent(2 * UNIT, UNIT, Kind.ZERO),
            new Extent(3 * UNIT, 2 * UNIT, Kind.HOLE),
            new Extent(5 * UNIT, UNIT, Kind.DATA));
    assertThat(TestingReads.list(disk.extents(UNIT + 1, UNIT)))
        .containsExactly(
            new Extent(UNIT + 1, UNIT - 1, Kind.DATA), new Extent(2 * UNIT, 1, Kind.ZERO));
    assertThat(TestingReads.list(disk.extents(6 * UNIT, 0))).isEmpty();
  }

  @Test
  void mergesNotAllOfLargeDisks() throws IOException {
    int units = (200 << 20) / UNIT;
    var disk =
        new ModelDisk(
            ArrivingSource.complete(content), 200L << 20, Collections.nCopies(units, plain(0)));

    assertThat(TestingReads.list(disk.extents(0, 200L << 20)))
        .extracting(Extent::lengthBytes)
        .containsExactly(64L << 20, 64L << 20, 64L << 20, 8L << 20);
  }

  @Test
  void endsWithinUnit() throws IOException {
    var disk =
        new ModelDisk(ArrivingSource.complete(content), UNIT + 7, List.of(plain(1), compressed(0)))
            .table(19 * UNIT, 2);

    assertThat(TestingReads.list(disk.extents(0, UNIT + 7)))
        .containsExactly(new Extent(0, UNIT + 7, Kind.DATA));
    assertThat(TestingReads.list(disk.dataInFileOrder()))
        .containsExactly(new Extent(UNIT, 7, Kind.DATA), new Extent(0, UNIT, Kind.DATA));
    assertThat(TestingReads.piece(disk, UNIT, 7)).containsOnly(content[0]);
  }

  @Test
  void refusesRangesBehindTheDisk() {
    var disk = disk(plain(1));

    assertThatThrownBy(() -> disk.read(1, ByteBuffer.allocate(UNIT)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> disk.extents(0, UNIT + 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void refusesDataBehindTheFile() {
    assertThatThrownBy(() -> TestingReads.piece(disk(plain(20)), 0, UNIT))
        .isInstanceOf(InvalidImageException.class)
        .hasMessage("is cut off: needs 10752 bytes, has 10240");
  }

  @Test
  void closesFile() throws IOException {
    var file = ArrivingSource.complete(content);

    new ModelDisk(file, 0, List.of()).close();

    assertThat(file.isClosed()).isTrue();
  }

  private ModelDisk disk(Place... places) {
    return new ModelDisk(
        ArrivingSource.complete(content), (long) places.length * UNIT, List.of(places));
  }

  private static byte[] repeated(byte value) {
    var bytes = new byte[UNIT];
    Arrays.fill(bytes, value);
    return bytes;
  }
}
