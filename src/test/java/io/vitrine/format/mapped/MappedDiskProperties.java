package io.vitrine.format.mapped;

import static io.vitrine.format.mapped.ModelDisk.UNIT;
import static io.vitrine.format.mapped.ModelDisk.compressed;
import static io.vitrine.format.mapped.ModelDisk.plain;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.Extent;
import io.vitrine.format.block.TestingReads;
import io.vitrine.format.mapped.Stored.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Reading, both orders of extents, and the map agree, whatever the map is. */
class MappedDiskProperties {
  private static final int FILE_UNITS = 200;

  private final byte[] file = new byte[FILE_UNITS * UNIT];

  MappedDiskProperties() {
    new Random(5).nextBytes(file);
  }

  @Property(tries = 150)
  void allWaysToReadAgree(
      @ForAll @IntRange(max = 100) int units,
      @ForAll @IntRange(min = 1, max = UNIT) int lastBytes,
      @ForAll @IntRange(min = 1, max = 30) int tableUnits,
      @ForAll long seed)
      throws IOException {
    var random = new Random(seed);
    int size = Math.max(0, units * UNIT - UNIT + lastBytes);
    var free = shuffled(random);
    var places = places(units, random, free);
    var expected = Arrays.copyOf(content(places), size);
    var disk = new ModelDisk(ArrivingSource.complete(file), size, places);
    for (int left = units; left > 0; left -= tableUnits) {
      disk.table((long) free.removeLast() * UNIT, Math.min(left, tableUnits));
    }

    assertThat(TestingReads.piece(disk, 0, size)).isEqualTo(expected);
    int from = size == 0 ? 0 : random.nextInt(size);
    assertThat(TestingReads.piece(disk, from, size - from))
        .isEqualTo(Arrays.copyOfRange(expected, from, size));
    assertThat(copy(disk, disk.extents(0, size))).isEqualTo(expected);
    assertThat(copy(disk, disk.dataInFileOrder())).isEqualTo(expected);
  }

  private static List<Integer> shuffled(Random random) {
    var free = new ArrayList<>(IntStream.range(1, FILE_UNITS).boxed().toList());
    Collections.shuffle(free, random);
    return free;
  }

  /** Compressed bytes are all in the first unit of the file. */
  private static List<Place> places(int units, Random random, List<Integer> free) {
    var places = new ArrayList<Place>();
    for (int unit = 0; unit < units; unit++) {
      places.add(
          switch (random.nextInt(6)) {
            case 0 -> Stored.HOLE;
            case 1 -> Stored.ZERO;
            case 2 -> compressed(random.nextInt(UNIT));
            default -> next(places, random, free);
          });
    }
    return places;
  }

  /** Often right after the last one, so that there is something to merge. */
  private static Place next(List<Place> places, Random random, List<Integer> free) {
    if (!places.isEmpty() && places.getLast() instanceof Place.Plain(long position)) {
      int behind = (int) (position / UNIT) + 1;
      if (random.nextInt(3) > 0 && free.removeIf(unit -> unit == behind)) {
        return plain(behind);
      }
    }
    return plain(free.removeLast());
  }

  private byte[] content(List<Place> places) {
    var content = ByteBuffer.allocate(places.size() * UNIT);
    for (int unit = 0; unit < places.size(); unit++) {
      content.position(unit * UNIT);
      switch (places.get(unit)) {
        case Place.Plain(long position) -> content.put(file, (int) position, UNIT);
        case Place.Compressed(long position, int _) -> {
          var repeated = new byte[UNIT];
          Arrays.fill(repeated, file[(int) position]);
          content.put(repeated);
        }
        case Place.Zero _, Place.Hole _ -> {}
      }
    }
    return content.array();
  }

  /** What a disk becomes if only its extents of data are read. */
  private static byte[] copy(ModelDisk disk, BlockSource.Extents extents) throws IOException {
    var copy = ByteBuffer.allocate((int) disk.sizeBytes());
    for (var next = extents.next(); next.isPresent(); next = extents.next()) {
      var extent = next.get();
      if (extent.kind() == Extent.Kind.DATA) {
        copy.limit((int) extent.end()).position((int) extent.offset());
        disk.read(extent.offset(), copy);
        copy.clear();
      }
    }
    return copy.array();
  }
}
