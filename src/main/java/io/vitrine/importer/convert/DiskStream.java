package io.vitrine.importer.convert;

import io.vitrine.format.block.BlockTarget;
import io.vitrine.importer.blob.EarlyBlob;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;

/** A raw disk that goes to a store while it is made, by ascending offset. */
final class DiskStream implements BlockTarget {
  private final EarlyBlob blob;
  private long position;

  /** Makes a disk of the blob's size. */
  DiskStream(EarlyBlob blob) {
    this.blob = blob;
  }

  @Override
  public int unitBytes() {
    return 1;
  }

  @Override
  public boolean isOrdered() {
    return true;
  }

  @Override
  public PreparedUnit prepare(long offset, ByteBuffer data) {
    return () -> write(offset, data.slice());
  }

  /** Writes data, and the zeros before it. */
  private void write(long offset, ByteBuffer data) throws InterruptedIOException {
    try {
      blob.writeZeros(offset - position);
      position = offset + data.remaining();
      blob.write(data);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the store was busy");
    }
  }

  @Override
  public void finish() throws InterruptedIOException {
    write(blob.sizeBytes(), ByteBuffer.allocate(0));
  }

  @Override
  public void close() {
    // The end of the blob depends on more than the conversion.
  }
}
