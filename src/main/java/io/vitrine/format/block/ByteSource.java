package io.vitrine.format.block;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of an image file, by position. They may still be arriving: reading waits for those that
 * are not there yet, and an interrupt ends the wait with an exception. Safe for concurrent use.
 */
public interface ByteSource extends Closeable {
  /**
   * Fills the buffer with the bytes from the offset on. Blocks until they are there.
   *
   * @throws InvalidImageException if the file ends before the last of them
   */
  void read(long offset, ByteBuffer target) throws IOException;

  /** The length of the whole file in bytes. Blocks until it is known, at the latest at the end. */
  long sizeBytes() throws IOException;

  /**
   * Reads a structure into a new array-backed buffer.
   *
   * @param lengthBytes bounded by the caller, since all of it is kept in memory
   * @throws InvalidImageException if the file ends before the last byte
   */
  default ByteBuffer read(long offset, int lengthBytes, ByteOrder order) throws IOException {
    var structure = ByteBuffer.allocate(lengthBytes).order(order);
    read(offset, structure);
    return structure.flip();
  }
}
