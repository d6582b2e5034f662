package io.vitrine.format.content;

import io.vitrine.format.probe.Region;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * A volume descriptor of ISO 9660 (ECMA-119, 8.4).
 *
 * @param region its bytes, some of which may be missing
 */
record IsoDescriptor(Region region) {
  /** The length of a descriptor. */
  static final int BYTES = 2048;

  private static final byte[] STANDARD = "CD001".getBytes(StandardCharsets.US_ASCII);
  private static final byte PRIMARY = 1;
  private static final byte TERMINATOR = (byte) 255;

  /** Numbers are written twice: little-endian, then big-endian. */
  private static final int VOLUME_BLOCKS = 80;

  private static final int BLOCK_BYTES = 128;
  private static final Set<Integer> BLOCK_SIZES = Set.of(512, 1024, 2048);

  /** Whether the primary descriptor may come after this one. */
  boolean isFollowed() {
    return isIso9660() && !region.has(0, PRIMARY) && !region.has(0, TERMINATOR);
  }

  /**
   * The least length of the disc image, from its first byte: to the end of the descriptor, and of
   * the volume if this is its primary descriptor. A number whose two copies differ counts as the
   * smaller one. It is 0 for other standards: the size of a volume of UDF depends on much more than
   * one descriptor.
   */
  long neededBytes() {
    if (!isIso9660()) {
      return 0;
    }
    if (!region.isComplete()) {
      return region.end();
    }
    return region.has(0, PRIMARY) ? Math.max(region.end(), volumeBytes()) : region.end();
  }

  private boolean isIso9660() {
    return region.has(1, STANDARD);
  }

  private long volumeBytes() {
    var little = region.read(ByteOrder.LITTLE_ENDIAN);
    var big = region.read(ByteOrder.BIG_ENDIAN);
    int blockBytes =
        Math.min(
            Short.toUnsignedInt(little.getShort(BLOCK_BYTES)),
            Short.toUnsignedInt(big.getShort(BLOCK_BYTES + 2)));
    long blocks =
        Math.min(
            Integer.toUnsignedLong(little.getInt(VOLUME_BLOCKS)),
            Integer.toUnsignedLong(big.getInt(VOLUME_BLOCKS + 4)));
    return BLOCK_SIZES.contains(blockBytes) ? blocks * blockBytes : 0;
  }
}
