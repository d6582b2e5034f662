package io.vitrine.importer.decompress;

import java.time.Duration;

/**
 * What decompression may make of data.
 *
 * @param maxRatio how many times larger than the compressed data the result may be
 * @param freeBytes what the result may have whatever the ratio: empty disks compress to nearly none
 * @param maxBytes how large the result may be
 * @param time from start to end
 */
public record DecompressionLimits(int maxRatio, long freeBytes, long maxBytes, Duration time) {
  /** Refuses limits under which nothing could be decompressed. */
  public DecompressionLimits {
    if (maxRatio < 1 || freeBytes < 0 || maxBytes < 1 || time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("limits must be more than nothing");
    }
  }

  /** How large the result may be that comes from so many bytes. */
  long boundBytes(long compressedBytes) {
    return compressedBytes > maxBytes / maxRatio
        ? maxBytes
        : Math.min(maxBytes, Math.max(freeBytes, compressedBytes * maxRatio));
  }
}
