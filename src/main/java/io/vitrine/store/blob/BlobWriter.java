package io.vitrine.store.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A blob being written. Exactly one of {@link #commit} and {@link #abort} ends it; a failed commit
 * counts as an abort.
 */
public interface BlobWriter {
  /** Appends the remaining bytes of all buffers in order. */
  void write(ByteBuffer... data) throws IOException;

  /**
   * A file of this machine in which everything that was written can be read at once, by those who
   * open it before the commit; empty if there is none.
   */
  default Optional<Path> file() {
    return Optional.empty();
  }

  /** Makes the blob durable, then visible. */
  void commit() throws IOException;

  /** Removes what has been written. */
  void abort();
}
