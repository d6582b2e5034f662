package io.vitrine.format.mapped;

import io.vitrine.format.block.InvalidImageException;
import java.util.BitSet;

/**
 * The space of the file that is known to be used, so that nothing is used twice. It needs two bits
 * for each unit of the file. Not safe for concurrent use.
 */
public final class ClaimedSpace {
  private final long unitBytes;
  private final BitSet claimed = new BitSet();
  private final BitSet shared = new BitSet();

  /** Counts in units, in bytes: the largest of which positions and lengths are multiples. */
  public ClaimedSpace(long unitBytes) {
    this.unitBytes = unitBytes;
  }

  /** The same space, to be claimed further apart from this. */
  ClaimedSpace copy() {
    var copy = new ClaimedSpace(unitBytes);
    copy.claimed.or(claimed);
    copy.shared.or(shared);
    return copy;
  }

  /**
   * Claims all units that a range of the file touches for one use.
   *
   * @param what names the use, such as "the L1 table"
   */
  public void claim(String what, long position, long lengthBytes) throws InvalidImageException {
    if (lengthBytes > 0) {
      require(what, position, lengthBytes, claimed);
      require(what, position, lengthBytes, shared);
      claimed.set(first(position), last(position, lengthBytes) + 1);
    }
  }

  /** Claims the units that a range touches for one of several uses, such as compressed data. */
  public void share(String what, long position, long lengthBytes) throws InvalidImageException {
    if (lengthBytes > 0) {
      require(what, position, lengthBytes, claimed);
      shared.set(first(position), last(position, lengthBytes) + 1);
    }
  }

  private void require(String what, long position, long lengthBytes, BitSet others)
      throws InvalidImageException {
    if (position < 0 || position / unitBytes >= Integer.MAX_VALUE - lengthBytes / unitBytes - 1) {
      throw new InvalidImageException(
          "is corrupt: %s lies at the impossible position %d".formatted(what, position));
    }
    int taken = others.nextSetBit(first(position));
    if (taken >= 0 && taken <= last(position, lengthBytes)) {
      throw new InvalidImageException(
          "is corrupt: %s at position %d overlaps something else".formatted(what, position));
    }
  }

  private int first(long position) {
    return (int) (position / unitBytes);
  }

  private int last(long position, long lengthBytes) {
    return (int) ((position + lengthBytes - 1) / unitBytes);
  }
}
