package io.vitrine.format.conversion;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.BlockTarget;
import io.vitrine.format.block.InvalidImageException;
import java.io.IOException;

/** One conversion: copies all data of a disk to an image file. */
public final class DiskConversion {
  private final BlockSource source;
  private final BlockTarget target;
  private final int threads;

  /** Prepares a conversion that computes on so many threads; closes neither source nor target. */
  public DiskConversion(BlockSource source, BlockTarget target, int threads) {
    this.source = source;
    this.target = target;
    this.threads = threads;
  }

  /**
   * Converts and finishes the target. Blocks; an interrupt ends it.
   *
   * @throws InvalidImageException if the source is malformed
   */
  public void run() throws IOException, InterruptedException {
    throw new UnsupportedOperationException(source + " " + target + " " + threads);
  }

  /** How much of the disk is done, in bytes of the disk; rises to {@link BlockSource#sizeBytes}. */
  public long doneBytes() {
    return 0;
  }
}
