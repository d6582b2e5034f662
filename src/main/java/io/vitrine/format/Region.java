package io.vitrine.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A range of the stream that a probe wants to see; it takes memory once its first byte arrives. */
final class Region {
  private final long offset;
  private final int length;
  private byte[] bytes = {};
  private int filled;

  Region(long offset, int length) {
    this.offset = offset;
    this.length = length;
  }

  /** Takes what belongs here from a chunk that starts at the position; the chunk is not moved. */
  void offer(long position, ByteBuffer chunk) {
    var skip = offset + filled - position;
    if (isComplete() || skip < 0 || skip >= chunk.remaining()) {
      return;
    }
    if (filled == 0) {
      bytes = new byte[length];
    }
    var count = (int) Math.min(length - filled, chunk.remaining() - skip);
    chunk.get(chunk.position() + (int) skip, bytes, filled, count);
    filled += count;
  }

  boolean isComplete() {
    return filled == length;
  }

  /** Where in the stream the next byte for this region is. */
  long wanted() {
    return offset + filled;
  }

  /** Whether these bytes were captured at the index. */
  boolean has(int index, byte... expected) {
    return filled >= index + expected.length
        && Arrays.equals(bytes, index, index + expected.length, expected, 0, expected.length);
  }

  /** What was captured so far; less than asked for when the stream ended before. */
  byte[] captured() {
    return Arrays.copyOf(bytes, filled);
  }

  /** What was captured so far, to read numbers from. */
  ByteBuffer read(ByteOrder order) {
    return ByteBuffer.wrap(captured()).order(order);
  }
}
