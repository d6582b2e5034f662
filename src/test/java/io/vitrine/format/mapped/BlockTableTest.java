package io.vitrine.format.mapped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.InvalidImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlockTableTest {
  private static final int POSITION = 12;

  @Test
  void readsTablesInParts() throws Exception {
    int[] entries = IntStream.range(0, 40_000).map(i -> i * 3).toArray();

    var table = read(entries);

    assertThat(table.size()).isEqualTo(40_000);
    assertThat(IntStream.range(0, 40_000).map(table::entry)).containsExactly(boxed(entries));
    assertThat(table.positionOf(2)).isEqualTo(POSITION + 8);
  }

  @Test
  void tellsWhichPartsOfTheDiskItsPartsMap() throws Exception {
    assertThat(read(new int[20_000]).ranges(1 << 20))
        .containsExactly(
            new TableRange(POSITION, 0, 16_384L << 20),
            new TableRange(POSITION + 65_536, 16_384L << 20, 3_616L << 20));
    assertThat(read().ranges(1 << 20)).isEmpty();
  }

  @Test
  void countsTheEntriesThatMapADisk() throws Exception {
    assertThat(BlockTable.entriesOf(0, 512)).isZero();
    assertThat(BlockTable.entriesOf(513, 512)).isEqualTo(2);
    assertThat(BlockTable.entriesOf(4L << 40, 1 << 20)).isEqualTo(BlockTable.MAX_ENTRIES);
    assertThatThrownBy(() -> BlockTable.entriesOf((4L << 40) + 1, 1 << 20))
        .isInstanceOf(InvalidImageException.class)
        .hasMessage("has 4194305 blocks of 1048576 bytes; at most 4194304 blocks are supported");
    assertThatThrownBy(() -> BlockTable.entriesOf(Long.MAX_VALUE, 512))
        .isInstanceOf(InvalidImageException.class);
  }

  @Test
  void findsBlocksThatOverlap() throws Exception {
    assertThat(read(9, 5, 1).findOverlap(entry -> true, 4)).isEmpty();
    assertThat(read(9, 5, 2).findOverlap(entry -> true, 4)).hasValue(1);
    assertThat(read(7, -1, 7).findOverlap(entry -> entry != -1, 1)).hasValue(0);
    assertThat(read(-1, 7, -1).findOverlap(entry -> entry != -1, 1)).isEmpty();
    assertThat(read(0x7fffffff, 0x80000000).findOverlap(entry -> true, 1)).isEmpty();
    assertThat(read(0x7fffffff, 0x80000000).findOverlap(entry -> true, 2)).hasValue(1);
    assertThat(read(0, 0xfffffffe).findOverlap(entry -> true, 1L << 31)).isEmpty();
  }

  private static BlockTable read(int... entries) throws IOException {
    var file = ByteBuffer.allocate(POSITION + entries.length * Integer.BYTES);
    file.position(POSITION).asIntBuffer().put(entries);
    return BlockTable.read(
        ArrivingSource.complete(file.array()), POSITION, entries.length, ByteOrder.BIG_ENDIAN);
  }

  private static Integer[] boxed(int[] entries) {
    return IntStream.of(entries).boxed().toArray(Integer[]::new);
  }
}
