package io.vitrine.format.block;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An image file that is being written, as the disk that a guest will see. What is not written reads
 * as zeros. Without {@link #finish} the file is no image.
 */
public interface BlockTarget extends Closeable {
  /** Puts a prepared unit into the file. */
  @FunctionalInterface
  interface PreparedUnit {
    /** Writes it. */
    void write() throws IOException;
  }

  /**
   * The unit of writes in bytes, a power of two: each begins at a multiple and is as long, but for
   * the end of the disk. 1 if any range can be written.
   */
  int unitBytes();

  /** Whether prepared units must be written one at a time and by ascending offset. */
  boolean isOrdered();

  /**
   * Does the computing for one unit, such as compression. Several threads may call it at a time,
   * and unless {@link #isOrdered} may write what they prepared at the same time too.
   *
   * @param data array-backed; must stay as it is until the unit is written
   */
  PreparedUnit prepare(long offset, ByteBuffer data) throws IOException;

  /** Writes what is left, such as tables, after all units were written. */
  void finish() throws IOException;
}
