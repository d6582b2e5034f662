package io.vitrine.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A blob on its way in. Exactly one of {@link #commit} and {@link #abort} ends it; a failed commit
 * counts as abort.
 */
public interface BlobWriter {
  /** Appends all remaining bytes of each buffer, in their order. */
  void write(ByteBuffer... data) throws IOException;

  /** Makes the blob durable, then visible. */
  void commit() throws IOException;

  /** Removes what was written. */
  void abort();
}
