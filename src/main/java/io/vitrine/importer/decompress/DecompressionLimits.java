package io.vitrine.importer.decompress;

import java.time.Duration;

/**
 * Limits on the result of a decompression.
 *
 * @param maxRatio the greatest size relative to the compressed data
 * @param freeBytes a size that is allowed whatever the ratio, since empty disks compress to almost
 *     nothing
 * @param maxBytes the greatest size
 * @param time from start to end
 */
public record DecompressionLimits(int maxRatio, long freeBytes, long maxBytes, Duration time) {
  /** Refuses limits under which nothing could be decompressed. */
  public DecompressionLimits {
    if (maxRatio < 1 || freeBytes < 0 || maxBytes < 1 || time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("limits must be more than nothing");
    }
  }

  /** The greatest size allowed for so many compressed bytes. */
  long boundBytes(long compressedBytes) {
    return compressedBytes > maxBytes / maxRatio
        ? maxBytes
        : Math.min(maxBytes, Math.max(freeBytes, compressedBytes * maxRatio));
  }
}
