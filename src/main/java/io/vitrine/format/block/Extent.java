package io.vitrine.format.block;

/**
 * A range of a disk that is stored in one way.
 *
 * @param offset in bytes from the start of the disk
 * @param lengthBytes more than zero
 */
public record Extent(long offset, long lengthBytes, Kind kind) {
  /** How a range is stored. */
  public enum Kind {
    /** Its bytes are in the file. They may be zeros all the same. */
    DATA,
    /** The file states that it reads as zeros. */
    ZERO,
    /** It was never written, and reads as zeros. */
    HOLE
  }

  /** The offset of the first byte after it. */
  public long end() {
    return offset + lengthBytes;
  }
}
