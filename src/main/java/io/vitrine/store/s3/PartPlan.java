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

  private final S3Settings.Upload upload;
  private final OptionalLong expectedBytes;
  private int parts;
  private long plannedBytes;

  PartPlan(S3Settings.Upload upload, OptionalLong expectedBytes) {
    this.upload = upload;
    this.expectedBytes = expectedBytes;
  }

  /** The size of the next part; at least one byte. */
  long next() {
    if (parts == MAX_PARTS) {
      throw tooLarge("The image is larger than this store can take.");
    }
    long size = Math.min(size(), upload.memoryBytes() / BLOCK * BLOCK);
    parts++;
    plannedBytes += size;
    return size;
  }

  private long size() {
    if (expectedBytes.isPresent()) {
      long left = Math.max(1, expectedBytes.getAsLong() - plannedBytes);
      return Math.min(left, evenly(expectedBytes.getAsLong(), MAX_PARTS));
    }
    return parts < SMALL_PARTS
        ? upload.partBytes()
        : evenly(upload.largestBytes() - plannedBytes, MAX_PARTS - parts);
  }

  /** The size of parts that divides the bytes evenly, in whole blocks. */
  private long evenly(long bytes, int count) {
    long share = Math.ceilDiv(Math.max(0, bytes), count);
    return Math.max(upload.partBytes(), Math.ceilDiv(share, BLOCK) * BLOCK);
  }
}
