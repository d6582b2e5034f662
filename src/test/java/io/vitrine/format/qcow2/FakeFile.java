package io.vitrine.format.qcow2;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import java.nio.ByteBuffer;

/** A file in memory that arrives just as it is read, and tells how much of it was needed. */
final class FakeFile implements ByteSource {
  private final byte[] content;
  private long neededBytes;
  private boolean wasEndNeeded;
  private boolean isClosed;

  FakeFile(byte[] content) {
    this.content = content.clone();
  }

  /** How much of the file must have arrived for all that was read. */
  synchronized long neededBytes() {
    return neededBytes;
  }

  synchronized boolean wasEndNeeded() {
    return wasEndNeeded;
  }

  synchronized boolean isClosed() {
    return isClosed;
  }

  @Override
  public synchronized void read(long offset, ByteBuffer target) throws InvalidImageException {
    long end = offset + target.remaining();
    if (end > content.length) {
      wasEndNeeded = true;
      throw InvalidImageException.cutOff(end, content.length);
    }
    neededBytes = Math.max(neededBytes, end);
    target.put(content, (int) offset, target.remaining());
  }

  @Override
  public synchronized long sizeBytes() {
    wasEndNeeded = true;
    return content.length;
  }

  @Override
  public synchronized void close() {
    isClosed = true;
  }
}
