package io.vitrine.format.block;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A disk as a guest sees it, read from an image file that may still be arriving. Malformed files
 * fail with {@link InvalidImageException}, never with another kind of exception. Safe for
 * concurrent use.
 */
public interface BlockSource extends Closeable {
  /** Extents one after the other. */
  @FunctionalInterface
  interface Extents {
    /** The next extent; empty after the last one. */
    Optional<Extent> next() throws IOException;
  }

  /** The size of the disk in bytes. */
  long sizeBytes();

  /**
   * The unit in which the file maps the disk, in bytes: a power of two. Extents of data begin at
   * its multiples. At most {@link #MAX_PIECE_BYTES}.
   */
  int unitBytes();

  /** The most bytes that one extent of {@link #dataInFileOrder} has. */
  int MAX_PIECE_BYTES = 2 << 20;

  /** Fills the buffer with the disk's bytes from the offset on; all must lie within the disk. */
  void read(long offset, ByteBuffer target) throws IOException;

  /** All extents of the range, which must lie within the disk, in order and without gaps. */
  Extents extents(long offset, long lengthBytes);

  /**
   * All extents of data, each once and of at most {@link #MAX_PIECE_BYTES}, about in the order in
   * which they lie in the file, so that converting an arriving file seldom waits. Fails where the
   * file maps data past its end, onto its metadata, or twice. One thread calls it.
   */
  Extents dataInFileOrder();

  /** What of the file the disk does not use, for people: such as internal snapshots; or empty. */
  default String remarks() {
    return "";
  }
}
