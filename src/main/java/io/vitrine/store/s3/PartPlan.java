package io.vitrine.store.s3;

import static io.vitrine.image.problem.ProblemException.tooLarge;

import java.util.OptionalLong;

/**
 * The sizes of a blob's parts. S3 accepts at most 10,000 parts, so a large blob needs larger ones.
 * If the size is unknown, parts grow only after the first thousand, then as the largest blob
 * requires.
 */
final class PartPlan {
  /** The documented maximum of S3. */
  static final int MAX_PARTS = 10_000;

  private static final int SMALL_PARTS = 1000;
  private static final long BLOCK = PartMemory.BLOCK_BYTES;

  private final S3Config.Parts config;
  private final long largestBytes;
  private final OptionalLong expectedBytes;
  private int parts;
  private long plannedBytes;

  /**
   * The plan of one blob.
   *
   * @param largestBytes the size of the largest blob
   */
  PartPlan(S3Config.Parts config, long largestBytes, OptionalLong expectedBytes) {
    this.config = config;
    this.largestBytes = largestBytes;
    this.expectedBytes = expectedBytes;
  }

  /** The plan of the rest of a blob that has some parts. */
  PartPlan behind(int partsBefore, long bytesBefore) {
    parts = partsBefore;
    plannedBytes = bytesBefore;
    return this;
  }

  /** The size of the next part; at least one byte. */
  long next() {
    if (parts == MAX_PARTS) {
      throw tooLarge("The image is larger than this store can take.");
    }
    long size = Math.min(size(), config.memory().bytes() / BLOCK * BLOCK);
    parts++;
    plannedBytes += size;
    return size;
  }

  private long size() {
    if (expectedBytes.isPresent()) {
      long left = Math.max(1, expectedBytes.getAsLong() - plannedBytes);
      long even = evenly(expectedBytes.getAsLong(), MAX_PARTS);
      // Parts that were planned otherwise may have been too small.
      boolean isEnough = left <= even * (MAX_PARTS - parts);
      return Math.min(left, isEnough ? even : evenly(left, MAX_PARTS - parts));
    }
    return parts < SMALL_PARTS
        ? config.partSize().bytes()
        : evenly(largestBytes - plannedBytes, MAX_PARTS - parts);
  }

  /** The size of parts that divides the bytes evenly, in whole blocks. */
  private long evenly(long bytes, int count) {
    long share = Math.ceilDiv(Math.max(0, bytes), count);
    return Math.max(config.partSize().bytes(), Math.ceilDiv(share, BLOCK) * BLOCK);
  }
}
