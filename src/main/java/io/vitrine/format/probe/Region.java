package io.vitrine.format.probe;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A range of the stream that a probe captures; it allocates memory when its first byte arrives. */
public final class Region {
  private final long offset;
  private final int length;
  private byte[] bytes = {};
  private int filled;

  /** A range that begins at an offset of the stream, in bytes. */
  public Region(long offset, int length) {
    this.offset = offset;
    this.length = length;
  }

  /** Captures this region's part of a chunk at the position; does not move the chunk. */
  public void offer(long position, ByteBuffer chunk) {
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

  /** Whether all of it was captured. */
  public boolean isComplete() {
    return filled == length;
  }

  /** The position in the stream of the next byte to capture. */
  public long wanted() {
    return offset + filled;
  }

  /** The position in the stream of the first byte after it. */
  public long end() {
    return offset + length;
  }

  /** Whether these bytes were captured at the index. */
  public boolean has(int index, byte... expected) {
    return filled >= index + expected.length
        && Arrays.equals(bytes, index, index + expected.length, expected, 0, expected.length);
  }

  /** The captured bytes; fewer than asked for if the stream ended early. */
  public byte[] captured() {
    return Arrays.copyOf(bytes, filled);
  }

  /** The captured bytes, for reading numbers. */
  public ByteBuffer read(ByteOrder order) {
    return ByteBuffer.wrap(captured()).order(order);
  }
}
