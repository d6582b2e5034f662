package io.vitrine.format.probe;

import java.nio.ByteBuffer;

/** The last bytes of a stream of unknown length. */
public final class Tail {
  private final byte[] ring;
  private long seen;

  /** Remembers at most this many bytes. */
  public Tail(int capacity) {
    ring = new byte[capacity];
  }

  /** Remembers the end of the chunk; does not move the chunk. */
  public void offer(ByteBuffer chunk) {
    var count = Math.min(chunk.remaining(), ring.length);
    var from = chunk.limit() - count;
    var start = (int) ((seen + chunk.remaining() - count) % ring.length);
    var untilWrap = Math.min(count, ring.length - start);
    chunk.get(from, ring, start, untilWrap);
    chunk.get(from + untilWrap, ring, 0, count - untilWrap);
    seen += chunk.remaining();
  }

  /** Skips bytes that are certainly not among the last. */
  public void skip(long count) {
    seen += count;
  }

  /** The last bytes, at most the capacity; fewer if the stream was shorter. */
  public byte[] last(int count) {
    var available = (int) Math.min(count, seen);
    var start = (int) ((seen - available) % ring.length);
    var untilWrap = Math.min(available, ring.length - start);
    var last = new byte[available];
    System.arraycopy(ring, start, last, 0, untilWrap);
    System.arraycopy(ring, 0, last, untilWrap, available - untilWrap);
    return last;
  }
}
