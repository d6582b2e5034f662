package io.vitrine.store.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A blob that takes several requests, as a store keeps it, for the data of one of them. A {@link
 * KeptBlobWriter} calls this for one thread at a time, and nothing but {@link #open} and {@link
 * #commit} once the blob is whole.
 */
public interface KeptBlob {
  /** Prepares the store for the first byte; nothing may be changed before. */
  void start() throws IOException;

  /** Takes all remaining bytes. */
  void append(ByteBuffer... data) throws IOException;

  /**
   * Makes durable what it can, at the end of the request all.
   *
   * @return how many bytes of the blob are durable
   */
  long keep(boolean isLast) throws IOException;

  /** Makes the blob whole, so that it can be read. */
  void complete() throws IOException;

  /** Opens the whole blob. */
  Optional<BlobReader> open() throws IOException;

  /** Guards the whole blob, if the store must. */
  default void commit() throws IOException {}

  /** Ends the request; what it has not kept may be lost. Called once. */
  void close();
}
