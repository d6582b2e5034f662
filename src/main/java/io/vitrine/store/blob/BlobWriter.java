package io.vitrine.store.blob;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A blob being written. Exactly one of {@link #commit} and {@link #abort} ends it; a failed commit
 * counts as an abort.
 */
public interface BlobWriter {
  /** Appends the remaining bytes of all buffers in order. */
  void write(ByteBuffer... data) throws IOException;

  /** Makes the blob durable, then visible. */
  void commit() throws IOException;

  /** Removes what has been written. */
  void abort();
}
