package io.vitrine.transfer.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/** Bytes whose number is known before they come; a stream is made paused. */
public interface SizedStream extends ReadStream<Buffer> {
  /** How many bytes will come. */
  long sizeBytes();

  /**
   * Says how many bytes the stream may hold ahead of its reader, before anything is read; those
   * that hold but a piece need not be told.
   */
  default void runAhead(long bytes) {}

  /** Stops reading early. Does nothing after the end. */
  void abort();
}
