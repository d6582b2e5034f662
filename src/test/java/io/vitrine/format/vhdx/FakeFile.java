package io.vitrine.format.vhdx;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import java.nio.ByteBuffer;

/**
 * A file in memory. What follows its bytes, up to its size, has a byte that depends on its position
 * in units of 512 bytes. An arriving file fails where a real one would wait.
 */
final class FakeFile implements ByteSource {
  private final byte[] bytes;
  private final long sizeBytes;
  private final boolean isArriving;
  private long arrived = Long.MAX_VALUE;
  private boolean isClosed;

  private FakeFile(byte[] bytes, long sizeBytes, boolean isArriving) {
    this.bytes = bytes;
    this.sizeBytes = sizeBytes;
    this.isArriving = isArriving;
  }

  static FakeFile of(byte[] bytes) {
    return new FakeFile(bytes, bytes.length, false);
  }

  static FakeFile sparse(byte[] bytes, long sizeBytes) {
    return new FakeFile(bytes, sizeBytes, false);
  }

  /** A file of which only some bytes are there, and whose size nobody may ask for. */
  static FakeFile arriving(byte[] bytes, long arrived) {
    var file = new FakeFile(bytes, bytes.length, true);
    file.arrived = arrived;
    return file;
  }

  /** What a byte after those in memory is. */
  static byte at(long position) {
    return (byte) (position >>> 9);
  }

  void arrive(long to) {
    arrived = to;
  }

  boolean isClosed() {
    return isClosed;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws InvalidImageException {
    long end = offset + target.remaining();
    if (offset < 0 || end > sizeBytes) {
      throw InvalidImageException.cutOff(end, sizeBytes);
    }
    if (end > arrived) {
      throw new IllegalStateException("would wait for byte " + end);
    }
    int known = (int) Math.max(0, Math.min(end, bytes.length) - offset);
    if (known > 0) {
      target.put(bytes, (int) offset, known);
    }
    for (long at = offset + known; at < end; at++) {
      target.put(at(at));
    }
  }

  @Override
  public long sizeBytes() {
    if (isArriving) {
      throw new IllegalStateException("would wait for the end");
    }
    return sizeBytes;
  }

  @Override
  public void close() {
    isClosed = true;
  }
}
