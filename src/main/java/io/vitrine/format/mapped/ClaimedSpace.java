package io.vitrine.format.mapped;

import io.vitrine.format.block.InvalidImageException;

/**
 * The space of the file that is known to be used, so that nothing is used twice. It needs two bits
 * for each unit of the file that is used. Not safe for concurrent use.
 */
public final class ClaimedSpace {
  /** They take up to 40 MiB, and suffice for 128 GiB of a file in units of 512 bytes. */
  private static final int MAX_UNCHECKED_PAGES = 1 << 16;

  private final long unitBytes;
  private final UnitSet claimed;
  private final UnitSet shared;

  /** Counts in units, in bytes: the largest of which positions and lengths are multiples. */
  public ClaimedSpace(long unitBytes) {
    this(unitBytes, new UnitSet(), new UnitSet());
  }

  private ClaimedSpace(long unitBytes, UnitSet claimed, UnitSet shared) {
    this.unitBytes = unitBytes;
    this.claimed = claimed;
    this.shared = shared;
  }

  /** A copy, whose further claims do not affect this one. */
  ClaimedSpace copy() {
    return new ClaimedSpace(unitBytes, claimed.copy(), shared.copy());
  }

  /**
   * Claims all units that a range of the file touches for one use.
   *
   * @param what names the use, such as "the L1 table"
   */
  public void claim(String what, long position, long lengthBytes) throws InvalidImageException {
    if (lengthBytes > 0) {
      requireFree(what, position, lengthBytes, claimed);
      requireFree(what, position, lengthBytes, shared);
      claimed.add(first(position), last(position, lengthBytes));
    }
  }

  /** Claims the units that a range touches for one of several uses, such as compressed data. */
  public void share(String what, long position, long lengthBytes) throws InvalidImageException {
    if (lengthBytes > 0) {
      requireFree(what, position, lengthBytes, claimed);
      shared.add(first(position), last(position, lengthBytes));
    }
  }

  /**
   * Whether it has grown so much that further claims should first be checked against the length of
   * the file: a short file can point to many places far past its end.
   */
  boolean isLarge() {
    return claimed.pages() + shared.pages() > MAX_UNCHECKED_PAGES;
  }

  private void requireFree(String what, long position, long lengthBytes, UnitSet others)
      throws InvalidImageException {
    if (position < 0 || position / unitBytes >= UnitSet.MAX - lengthBytes / unitBytes - 1) {
      throw new InvalidImageException(
          "is corrupt: %s lies at the impossible position %d".formatted(what, position));
    }
    if (others.hasAny(first(position), last(position, lengthBytes))) {
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
