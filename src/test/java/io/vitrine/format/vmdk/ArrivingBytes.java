package io.vitrine.format.vmdk;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file that is arriving. Instead of waiting it fails, so that tests see what would wait. */
final class ArrivingBytes implements ByteSource {
  /** The bytes are not there yet. */
  static final class WouldWait extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private final byte[] bytes;
  private int arrived;

  ArrivingBytes(byte[] bytes, int arrived) {
    this.bytes = bytes;
    this.arrived = arrived;
  }

  /** A file that is complete. */
  static ArrivingBytes complete(byte[] bytes) {
    return new ArrivingBytes(bytes, bytes.length);
  }

  void arrive(int count) {
    arrived = Math.min(bytes.length, arrived + count);
  }

  boolean isComplete() {
    return arrived == bytes.length;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    long end = offset + target.remaining();
    if (end > arrived) {
      throw isComplete() ? InvalidImageException.cutOff(end, bytes.length) : new WouldWait();
    }
    target.put(bytes, (int) offset, target.remaining());
  }

  @Override
  public long sizeBytes() throws IOException {
    if (!isComplete()) {
      throw new WouldWait();
    }
    return bytes.length;
  }

  @Override
  public void close() {}
}
