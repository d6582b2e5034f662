package io.vitrine.format.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.Extent;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Compares what a disk reads as with what is expected. */
final class ReaderComparison {
  private static final int RANGES = 20;
  private static final int MAX_RANGE_BYTES = 300_000;
  private static final int STEP_BYTES = 1 << 20;

  private final BlockSource disk;
  private final ExpectedDisk expected;
  private final Dice dice;

  ReaderComparison(BlockSource disk, ExpectedDisk expected, Dice dice) {
    this.disk = disk;
    this.expected = expected;
    this.dice = dice;
  }

  void compare() throws IOException {
    assertThat(disk.sizeBytes()).as("size of the disk").isEqualTo(expected.sizeBytes());
    compareExtents(0, disk.sizeBytes());
    for (int i = 0; i < RANGES && disk.sizeBytes() > 0; i++) {
      compareRange();
    }
  }

  /** Extents have no gaps and tell the truth. */
  private void compareExtents(long offset, long lengthBytes) throws IOException {
    var extents = disk.extents(offset, lengthBytes);
    long at = offset;
    for (var next = extents.next(); next.isPresent(); next = extents.next()) {
      var extent = next.get();
      assertThat(extent.offset()).as("start of %s", extent).isEqualTo(at);
      assertThat(extent.lengthBytes()).as("length of %s", extent).isPositive();
      at = extent.end();
      if (extent.kind() == Extent.Kind.DATA) {
        compareData(extent.offset(), at);
      } else {
        expected.requireZeros(extent.offset(), at);
      }
    }
    assertThat(at).as("end of the extents").isEqualTo(offset + lengthBytes);
  }

  private void compareData(long offset, long end) throws IOException {
    for (long at = offset; at < end; at += STEP_BYTES) {
      compareBytes(at, (int) Math.min(STEP_BYTES, end - at));
    }
  }

  private void compareRange() throws IOException {
    long offset = dice.below(disk.sizeBytes());
    int length = (int) dice.scaledUpTo(Math.min(MAX_RANGE_BYTES, disk.sizeBytes() - offset));
    compareBytes(offset, length);
    compareExtents(offset, length);
  }

  private void compareBytes(long offset, int length) throws IOException {
    var bytes = ByteBuffer.allocate(length);
    disk.read(offset, bytes);
    expected.requireEqual(offset, bytes.flip());
  }
}
