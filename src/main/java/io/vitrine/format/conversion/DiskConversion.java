package io.vitrine.format.conversion;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.BlockTarget;
import io.vitrine.format.block.InvalidImageException;
import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * One conversion: copies all data of a disk to an image file. Its memory is bounded by the threads,
 * not by the disk.
 *
 * <p>It follows the order of the source's file where possible, so that a file can be converted
 * while it arrives. It follows the order of the disk if the target must be written in order, or if
 * the target's units are larger than the source's and have to be gathered.
 */
public final class DiskConversion {
  private final BlockSource source;
  private final BlockTarget target;
  private final int threads;
  private final boolean isInFileOrder;
  private volatile LongSupplier progress = () -> 0;

  /** Prepares a conversion on this many threads; closes neither source nor target. */
  public DiskConversion(BlockSource source, BlockTarget target, int threads) {
    this.source = source;
    this.target = target;
    this.threads = threads;
    this.isInFileOrder = !target.isOrdered() && target.unitBytes() <= source.unitBytes();
  }

  /**
   * Converts and finishes the target. Blocks until done; an interrupt ends it. Nothing is read or
   * written after this has returned or failed. The first failure is thrown unchanged.
   *
   * @throws InvalidImageException if the source is malformed
   * @throws IOException if reading or writing failed for another reason, such as a full disk
   */
  public void run() throws IOException, InterruptedException {
    try (var workers = new Workers(threads)) {
      var copying = new Copying(source, target, pieces(), buffers());
      progress = copying::passedBytes;
      workers.runOnAll(copying::run);
      workers.run(this::finish);
    }
    progress = source::sizeBytes;
  }

  /** One buffer per thread; two for ordered writes, as some pieces wait for their turn. */
  private Buffers buffers() {
    int most = Math.max(BlockSource.MAX_PIECE_BYTES, target.unitBytes());
    return new Buffers(
        target.isOrdered() ? 2 * threads : threads, (int) Math.min(most, source.sizeBytes()));
  }

  private Pieces pieces() {
    return isInFileOrder
        ? new FilePieces(source, target.unitBytes())
        : new DiskPieces(source, target.unitBytes());
  }

  private void finish() throws IOException, InterruptedException {
    if (!isInFileOrder) {
      verify();
    }
    target.finish();
  }

  /** Only a walk through the whole file finds data mapped twice or onto the metadata. */
  private void verify() throws IOException, InterruptedException {
    var extents = source.dataInFileOrder();
    while (extents.next().isPresent()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  /** How much of the disk is done, in bytes of the disk; rises to {@link BlockSource#sizeBytes}. */
  public long doneBytes() {
    return progress.getAsLong();
  }
}
