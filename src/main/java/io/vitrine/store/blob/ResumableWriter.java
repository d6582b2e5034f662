package io.vitrine.store.blob;

import java.io.IOException;

/**
 * Writes one request's data of a blob that takes several. What it has written stays in the store
 * even if it is aborted. One of {@link #commit}, {@link #abort} and a last {@link #keep} ends it.
 */
public interface ResumableWriter extends BlobWriter {
  /**
   * Called once before anything else, when the writer is sure to be used. Opening one must change
   * nothing yet: it may come too late, when another one is at work or has been.
   */
  void start() throws IOException;

  /**
   * Makes durable what has been written so far, without making it visible.
   *
   * @param isLast whether the writer ends with it, in place of {@link #commit} and {@link #abort}
   * @return how many bytes of the blob are durable
   */
  long keep(boolean isLast) throws IOException;

  /**
   * Whether the store has more of the blob than what comes before the first byte to write. It drops
   * as much of what is written, so that the data must be read to know it.
   */
  default boolean isAhead() {
    return false;
  }

  /**
   * Opens the data for reading before the commit. If the writer has a file, more may be written;
   * otherwise all must have been, as this ends the data.
   */
  BlobReader seal() throws IOException;
}
