package io.vitrine.net.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/** A stream of known length; initially paused. */
public interface SizedStream extends ReadStream<Buffer> {
  /** The number of bytes in the stream. */
  long sizeBytes();

  /**
   * Sets how many bytes the stream may buffer ahead of its reader, before it is read; streams that
   * buffer a single piece may ignore it.
   */
  default void runAhead(long bytes) {}

  /** Stops reading early. Does nothing after the end. */
  void abort();
}
