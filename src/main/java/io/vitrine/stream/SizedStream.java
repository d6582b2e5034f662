package io.vitrine.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/** Bytes whose number is known before they come; a stream is made paused. */
public interface SizedStream extends ReadStream<Buffer> {
  /** How many bytes will come. */
  long sizeBytes();

  /** Stops reading early. Does nothing after the end. */
  void abort();
}
