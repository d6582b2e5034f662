package io.vitrine.format.differential;

import io.vitrine.format.block.BlockTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;

/** Fails unless the disk that is written is the expected one, each part of it written once. */
final class CheckingTarget implements BlockTarget {
  /** What is noted as written; all units are multiples of it. */
  private static final int SECTOR_BYTES = 512;

  private final ExpectedDisk expected;
  private final int unitBytes;
  private final boolean isOrdered;
  private final BitSet written = new BitSet();
  private boolean isFinished;

  CheckingTarget(ExpectedDisk expected, int unitBytes, boolean isOrdered) {
    this.expected = expected;
    this.unitBytes = unitBytes;
    this.isOrdered = isOrdered;
  }

  @Override
  public int unitBytes() {
    return unitBytes;
  }

  @Override
  public boolean isOrdered() {
    return isOrdered;
  }

  @Override
  public PreparedUnit prepare(long offset, ByteBuffer data) {
    if (unitBytes > 1 && offset % unitBytes != 0) {
      throw new AssertionError("%d is no multiple of %d".formatted(offset, unitBytes));
    }
    return () -> write(offset, data.duplicate());
  }

  private void write(long offset, ByteBuffer data) throws IOException {
    expected.requireEqual(offset, data);
    int first = Math.toIntExact(offset / SECTOR_BYTES);
    int end = Math.toIntExact(Math.ceilDiv(offset + data.remaining(), SECTOR_BYTES));
    synchronized (written) {
      int twice = written.nextSetBit(first);
      if (twice >= 0 && twice < end) {
        throw new AssertionError("sector %d is written twice".formatted(twice));
      }
      if (isOrdered && written.length() > first) {
        throw new AssertionError("sector %d is written late".formatted(first));
      }
      written.set(first, end);
    }
  }

  @Override
  public void finish() throws IOException {
    int sectors = Math.toIntExact(expected.sizeBytes() / SECTOR_BYTES);
    for (int first = written.nextClearBit(0); first < sectors; ) {
      int next = written.nextSetBit(first);
      int end = next < 0 ? sectors : next;
      expected.requireZeros((long) first * SECTOR_BYTES, (long) end * SECTOR_BYTES);
      first = written.nextClearBit(end);
    }
    isFinished = true;
  }

  /** Whether all was written and found right. */
  boolean isFinished() {
    return isFinished;
  }

  @Override
  public void close() {}
}
