package io.vitrine.format.mapped;

import io.vitrine.format.block.Extent;

/**
 * A range of the disk and how the file stores it.
 *
 * @param offset in bytes from the start of the disk
 * @param lengthBytes may reach past the end of the disk
 * @param place where it is in the file
 */
public record Stored(long offset, long lengthBytes, Place place) {
  /** Where a range is in the file. */
  public sealed interface Place {
    /** Uncompressed, from this position of the file on. */
    record Plain(long position) implements Place {}

    /** Compressed, so that it can only be read as a whole. */
    record Compressed(long position, int lengthBytes) implements Place {}

    /** Nowhere: it reads as zeros. */
    record Zero() implements Place {}

    /** Nowhere: it was never written. */
    record Hole() implements Place {}
  }

  /** Never written. */
  public static final Place HOLE = new Place.Hole();

  /** Stated to be zeros. */
  public static final Place ZERO = new Place.Zero();

  /** The offset of the first byte after it. */
  public long end() {
    return offset + lengthBytes;
  }

  /** How it counts among extents. */
  public Extent.Kind kind() {
    return switch (place) {
      case Place.Plain plain -> Extent.Kind.DATA;
      case Place.Compressed compressed -> Extent.Kind.DATA;
      case Place.Zero zero -> Extent.Kind.ZERO;
      case Place.Hole hole -> Extent.Kind.HOLE;
    };
  }

  /** The position in the file of the byte at an offset within a plain range. */
  long positionOf(Place.Plain plain, long at) {
    return plain.position() + at - offset;
  }

  /** Whether the next range continues this one in the disk and in the file. */
  boolean isContinuedBy(Stored next) {
    return next.offset == end()
        && place instanceof Place.Plain first
        && next.place instanceof Place.Plain second
        && second.position() == first.position() + lengthBytes;
  }

  /** This and a range that continues it. */
  Stored and(Stored next) {
    return new Stored(offset, lengthBytes + next.lengthBytes, place);
  }
}
