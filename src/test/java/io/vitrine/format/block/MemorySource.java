package io.vitrine.format.block;

import java.nio.ByteBuffer;

/** A file in memory, which may be longer than what is kept of it. */
final class MemorySource implements ByteSource {
  private final byte[] content;
  private final long lengthBytes;

  MemorySource(byte[] content, long lengthBytes) {
    this.content = content;
    this.lengthBytes = lengthBytes;
  }

  /** The byte at a position behind those that are kept: it depends on the sector. */
  static byte filler(long position) {
    return (byte) (position >>> 9);
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    long end = offset + target.remaining();
    int known = (int) Math.max(0, Math.min(end, content.length) - offset);
    if (known > 0) {
      target.put(content, (int) offset, known);
    }
    for (long at = offset + known; at < end; at++) {
      target.put(filler(at));
    }
  }

  @Override
  public long sizeBytes() {
    return lengthBytes;
  }

  @Override
  public void close() {}
}
