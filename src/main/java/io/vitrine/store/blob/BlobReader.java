package io.vitrine.store.blob;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The bytes of a committed blob, for one reader at a time. Sequential reads are cheap, others may
 * not be.
 */
public interface BlobReader extends Closeable {
  /** The size of the blob. */
  long sizeBytes() throws IOException;

  /**
   * Reads bytes from a position, at least one if the target has room.
   *
   * @return the number of bytes; -1 at the end
   */
  int read(ByteBuffer target, long position) throws IOException;
}
