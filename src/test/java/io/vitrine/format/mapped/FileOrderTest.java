package io.vitrine.format.mapped;

import static io.vitrine.format.mapped.ModelDisk.UNIT;
import static io.vitrine.format.mapped.ModelDisk.compressed;
import static io.vitrine.format.mapped.ModelDisk.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.mapped.Stored.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FileOrderTest {
  private static final int TABLE = 1000 * UNIT;

  private final ArrivingSource file = ArrivingSource.ofKnownSize(new byte[1 << 20]);

  @Test
  void givesRangesByPosition() throws IOException {
    file.feed(1 << 20);
    var disk =
        disk(plain(9), plain(3), Stored.HOLE, compressed(100), Stored.ZERO, plain(1))
            .table(TABLE, 6);

    assertThat(positions(disk)).containsExactly(100L, 512L, 3L * UNIT, 9L * UNIT);
  }

  @Test
  void mergesWhatIsTogetherInBoth() throws IOException {
    file.feed(1 << 20);
    var disk = disk(plain(2), plain(3), plain(5), plain(4), plain(6)).table(TABLE, 5);

    assertThat(all(disk))
        .containsExactly(
            new Stored(0, 2 * UNIT, plain(2)),
            new Stored(3 * UNIT, UNIT, plain(4)),
            new Stored(2 * UNIT, UNIT, plain(5)),
            new Stored(4 * UNIT, UNIT, plain(6)));
  }

  @Test
  void neverMergesBeyondPiece() throws IOException {
    file.feed(1 << 20);
    int units = BlockSource.MAX_PIECE_BYTES / UNIT + 1;
    var places = IntStream.range(0, units).mapToObj(unit -> plain(unit + 5)).toList();
    var disk = new ModelDisk(file, (long) units * UNIT, places).table(0, units);

    assertThat(all(disk))
        .extracting(Stored::lengthBytes)
        .containsExactly((long) BlockSource.MAX_PIECE_BYTES, (long) UNIT);
  }

  @Test
  void endsWithTheDisk() throws IOException {
    file.feed(1 << 20);
    var disk = new ModelDisk(file, UNIT + 10, List.of(plain(4), plain(5))).table(0, 2);

    assertThat(all(disk)).containsExactly(new Stored(0, UNIT + 10, plain(4)));
  }

  @Test
  void needsNotTheTablesBehind() throws IOException {
    var disk = disk(plain(2), plain(3), plain(7), plain(12)).table(UNIT, 2).table(10 * UNIT, 2);
    file.feed(2 * UNIT);
    var order = new FileOrder(disk);

    assertThat(order.next()).contains(new Stored(0, 2 * UNIT, plain(2)));
    assertThat(file.wasWaitedFor()).isFalse();

    file.feed(9 * UNIT);
    // Lies before the table that maps it, so that it comes late.
    assertThat(order.next()).contains(new Stored(2 * UNIT, UNIT, plain(7)));
    assertThat(order.next()).contains(new Stored(3 * UNIT, UNIT, plain(12)));
    assertThat(order.next()).isEmpty();
    assertThat(file.wasWaitedFor()).isFalse();
  }

  @Test
  void givesFirstEarlyIfTooManyWait() throws IOException {
    file.feed(1 << 20);
    // Backwards, so that the last range of the disk is the first of the file.
    int units = (1 << 16) + 1000;
    var places = IntStream.range(0, units).mapToObj(unit -> plain(units - unit)).toList();
    var disk = new ModelDisk(file, (long) units * UNIT, places).table(0, units);

    var all = all(disk);

    assertThat(all).hasSize(units).doesNotHaveDuplicates();
    assertThat(all.getFirst()).isEqualTo(new Stored(65_535L * UNIT, UNIT, plain(units - 65_535)));
  }

  @Test
  void refusesDataThatIsMappedTwice() throws IOException {
    refuses("data at position 1024", disk(plain(2), plain(2)).table(TABLE, 2));
  }

  @Test
  void refusesDataThatOverlaps() throws IOException {
    refuses(
        "data at position 1100", disk(new Place.Plain(1030), new Place.Plain(1100)).table(0, 2));
  }

  @Test
  void refusesDataOnTables() throws IOException {
    refuses("data at position 512000", disk(plain(1000)).table(TABLE, 1));
  }

  @Test
  void refusesCompressedDataOnTables() throws IOException {
    refuses("compressed data at position 512003", disk(compressed(TABLE + 3)).table(TABLE, 1));
  }

  @Test
  void refusesCompressedDataOnPlainData() throws IOException {
    refuses("compressed data at position 1100", disk(plain(2), compressed(1100)).table(TABLE, 2));
  }

  @Test
  void refusesManyRangesBehindTheEnd() {
    file.feed(1 << 20);
    file.end();
    int ranges = (1 << 16) + 10;
    var places = IntStream.range(0, ranges).mapToObj(range -> plain(range * 8192)).toList();
    var disk = new ModelDisk(file, (long) ranges * UNIT, places);

    assertThatThrownBy(() -> all(disk.table(1024, ranges)))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("is cut off");
  }

  @Test
  void takesCompressedDataThatSharesUnits() throws IOException {
    file.feed(1 << 20);
    var disk = disk(compressed(1100), compressed(1101), compressed(1100)).table(TABLE, 3);

    assertThat(all(disk)).hasSize(3);
  }

  @Test
  void claimsAnewWithEveryWalk() throws IOException {
    file.feed(1 << 20);
    var disk = disk(plain(2)).table(TABLE, 1);

    assertThat(all(disk)).isEqualTo(all(disk)).hasSize(1);
  }

  private void refuses(String what, ModelDisk disk) {
    file.feed(1 << 20);

    assertThatThrownBy(() -> all(disk))
        .isInstanceOf(InvalidImageException.class)
        .hasMessage("is corrupt: %s overlaps something else", what);
  }

  private ModelDisk disk(Place... places) {
    return new ModelDisk(file, (long) places.length * UNIT, List.of(places));
  }

  private static List<Long> positions(ModelDisk disk) throws IOException {
    return all(disk).stream()
        .map(
            range ->
                switch (range.place()) {
                  case Place.Plain plain -> plain.position();
                  case Place.Compressed compressed -> compressed.position();
                  case Place.Zero zero -> -1L;
                  case Place.Hole hole -> -1L;
                })
        .toList();
  }

  private static List<Stored> all(ModelDisk disk) throws IOException {
    var all = new ArrayList<Stored>();
    var order = new FileOrder(disk);
    for (var next = order.next(); next.isPresent(); next = order.next()) {
      all.add(next.get());
    }
    return all;
  }
}
