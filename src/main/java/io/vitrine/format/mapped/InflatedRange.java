package io.vitrine.format.mapped;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The compressed range that was read last, inflated, for readers of small parts. */
final class InflatedRange {
  private long offset = -1;
  private ByteBuffer bytes = ByteBuffer.allocate(0);

  /** Inflates a range into a buffer. */
  @FunctionalInterface
  interface Inflation {
    void into(ByteBuffer target) throws IOException;
  }

  /** The bytes of the range, to be sliced and not to be changed. */
  synchronized ByteBuffer get(Stored range, Inflation inflation) throws IOException {
    if (offset != range.offset()) {
      offset = -1;
      var fresh = ByteBuffer.allocate((int) range.lengthBytes());
      inflation.into(fresh);
      bytes = fresh.flip();
      offset = range.offset();
    }
    return bytes;
  }
}
