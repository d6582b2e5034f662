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
  /**
   * Called once before anything else, when the writer is sure to be used. Opening one that goes on
   * with a blob must change nothing yet: it may come too late, when another one is at work.
   */
  default void start() throws IOException {}

  /** Appends the remaining bytes of all buffers in order. */
  void write(ByteBuffer... data) throws IOException;

  /**
   * A file of this machine in which everything that was written can be read at once, by those who
   * open it before the commit; empty if there is none.
   */
  default Optional<Path> file() {
    return Optional.empty();
  }

  /**
   * Makes durable what has been written so far, without making it visible. Only writers that {@link
   * BlobStore#resume} has opened can do this.
   *
   * @param isLast whether the writer ends with it, in place of {@link #commit} and {@link #abort}
   * @return how many bytes of the blob are durable
   */
  default long keep(boolean isLast) throws IOException {
    throw new UnsupportedOperationException();
  }

  /**
   * Whether the store has more of the blob than what comes before the first byte to write. It drops
   * as much of what is written, so that the data must be read to know it.
   */
  default boolean isAhead() {
    return false;
  }

  /**
   * Ends the data, of which all has been written, and opens it for reading before the commit. Only
   * writers without a file that {@link BlobStore#resume} has opened can do this.
   */
  default BlobReader seal() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Makes the blob durable, then visible. */
  void commit() throws IOException;

  /** Removes what has been written. */
  void abort();
}
