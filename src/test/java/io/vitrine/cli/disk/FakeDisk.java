package io.vitrine.cli.disk;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.Extent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A disk of 1 MiB of data that is never read to its end: reading it waits, or fails. */
final class FakeDisk implements BlockSource {
  private static final int SIZE_BYTES = 1 << 20;

  private final CountDownLatch reads = new CountDownLatch(1);
  private final boolean isBroken;

  private FakeDisk(boolean isBroken) {
    this.isBroken = isBroken;
  }

  static FakeDisk endless() {
    return new FakeDisk(false);
  }

  static FakeDisk broken() {
    return new FakeDisk(true);
  }

  /** Waits until somebody reads. */
  void awaitReader() throws InterruptedException {
    reads.await();
  }

  @Override
  public long sizeBytes() {
    return SIZE_BYTES;
  }

  @Override
  public int unitBytes() {
    return 64 << 10;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    reads.countDown();
    if (isBroken) {
      throw new IOException("the disk is broken");
    }
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  @Override
  public Extents extents(long offset, long lengthBytes) {
    return single(new Extent(offset, lengthBytes, Extent.Kind.DATA));
  }

  @Override
  public Extents dataInFileOrder() {
    return extents(0, SIZE_BYTES);
  }

  private static Extents single(Extent extent) {
    var left = new ArrayDeque<>(List.of(extent));
    return () -> Optional.ofNullable(left.poll());
  }

  @Override
  public void close() {
    // It holds nothing.
  }
}
