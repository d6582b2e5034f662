package io.vitrine.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The bytes of a committed blob, for one reader at a time. Reads in sequence are the cheap ones.
 */
public interface BlobReader extends Closeable {
  /** How many bytes the blob has. */
  long sizeBytes() throws IOException;

  /**
   * Reads some of the bytes from a position on, at least one if the target has room.
   *
   * @return how many; -1 at the end
   */
  int read(ByteBuffer target, long position) throws IOException;
}
