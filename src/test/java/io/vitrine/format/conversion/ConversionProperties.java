package io.vitrine.format.conversion;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.block.FakeDisk;
import io.vitrine.format.block.FakeTarget;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever the units and the order of the file, the target becomes the source. */
class ConversionProperties {
  @Property(tries = 150)
  void copiesAnyDisk(
      @ForAll @IntRange(max = 100_000) int sizeBytes,
      @ForAll @IntRange(min = 9, max = 14) int sourceBits,
      @ForAll @IntRange(max = 16) int targetBits,
      @ForAll boolean isOrdered,
      @ForAll long seed)
      throws Exception {
    var disk = disk(sizeBytes, 1 << sourceBits, new Random(seed));
    var target = new FakeTarget(sizeBytes, 1 << targetBits, isOrdered);

    var conversion = new DiskConversion(disk, target, 1 + (int) (seed & 3));
    conversion.run();

    assertThat(target.content()).isEqualTo(disk.content());
    assertThat(target.isFinished()).isTrue();
    assertThat(conversion.doneBytes()).isEqualTo(sizeBytes);
  }

  private static FakeDisk disk(int sizeBytes, int unitBytes, Random random) {
    var units = new ArrayList<Integer>();
    for (int unit = 0; unit < Math.ceilDiv(sizeBytes, unitBytes); unit++) {
      units.add(unit);
    }
    Collections.shuffle(units, random);
    var disk = new FakeDisk(sizeBytes, unitBytes);
    for (int unit : units) {
      switch (random.nextInt(4)) {
        case 0 -> disk.stored(unit);
        case 1, 2 -> disk.data(unit);
        default -> {}
      }
    }
    return disk;
  }
}
