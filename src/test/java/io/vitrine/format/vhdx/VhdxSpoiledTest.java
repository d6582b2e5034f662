package io.vitrine.format.vhdx;

import static io.vitrine.format.vhdx.TestingVhdx.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.FormatInspector;
import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.block.TestingReads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Spoiled files, whose checksums are right all the same, fail in one way only. */
class VhdxSpoiledTest {
  private static final DiskGeometry GEOMETRY = new DiskGeometry(MIB, 2 * MIB + 512, 512);
  private static final int TRIES = 250;
  private static final List<Integer> STRUCTURES =
      List.of(64 << 10, 128 << 10, 192 << 10, MIB, MIB + 4096, 2 * MIB, 3 * MIB, (3 * MIB) + 65536);

  @Test
  void failsOnlyAsInvalidImage() throws IOException {
    int opened = 0;
    for (int seed = 0; seed < TRIES; seed++) {
      var random = new Random(seed);
      var image = TestingVhdx.of(GEOMETRY, 5 * MIB).map(0, 4 * MIB).state(1, 2);
      if (random.nextBoolean()) {
        image.log(TestingLog.at(0).add(spoiled(random)));
      }
      for (int i = random.nextInt(4); i >= 0; i--) {
        int structure = STRUCTURES.get(random.nextInt(STRUCTURES.size()));
        image.int8(structure + random.nextInt(200), random.nextBoolean() ? -1 : random.nextInt());
      }
      var bytes = image.toBytes();
      new FormatInspector().update(ByteBuffer.wrap(bytes));
      opened += opens(bytes) ? 1 : 0;
    }
    assertThat(opened).isBetween(TRIES / 20, TRIES - TRIES / 20);
  }

  private static TestingLog.Entry spoiled(Random random) {
    var entry = new TestingLog.Entry(3).zero(4 * MIB, 4096).data(MIB, new byte[4096]);
    return random.nextBoolean()
        ? entry
        : entry.spoil(bytes -> bytes.putInt(4 * random.nextInt(64), random.nextInt()));
  }

  private static boolean opens(byte[] bytes) throws IOException {
    try (var disk = VhdxDisk.open(ArrivingSource.complete(bytes))) {
      read(disk);
      return true;
    } catch (InvalidImageException refused) {
      assertThat(refused.getMessage()).isNotBlank();
      return false;
    }
  }

  /** Reads the start of each extent: a spoiled size may be larger than memory. */
  private static void read(BlockSource disk) throws IOException {
    var extents = TestingReads.list(disk.extents(0, disk.sizeBytes()));
    extents.addAll(TestingReads.list(disk.dataInFileOrder()));
    for (var extent : extents) {
      TestingReads.piece(disk, extent.offset(), (int) Math.min(extent.lengthBytes(), 4096));
    }
  }
}
