package io.vitrine.format.vhd;

import io.vitrine.format.block.InvalidImageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The footer of a VHD as it was read (Virtual Hard Disk Image Format Specification, version 1.0,
 * "Hard Disk Footer Format"). A fixed disk has it at the end, a dynamic disk at both ends.
 *
 * <p>The size of the disk is the current size, whoever made it. Cylinders, heads and sectors are
 * rounded, and would cut the end of the disk off.
 *
 * @param headerPosition of the dynamic disk header in the file
 * @param hasSoundChecksum whether the checksum is that of the other fields
 */
record VhdFooter(long headerPosition, long diskBytes, int diskType, boolean hasSoundChecksum) {
  /** What it begins with; not to be changed. */
  static final byte[] COOKIE = "conectix".getBytes(StandardCharsets.US_ASCII);

  static final int LENGTH_BYTES = 512;
  static final int FIXED = 2;
  static final int DYNAMIC = 3;
  static final int DIFFERENCING = 4;

  private static final int DATA_OFFSET_AT = 16;
  private static final int CURRENT_SIZE_AT = 48;
  private static final int DISK_TYPE_AT = 60;
  private static final int CHECKSUM_AT = 64;

  /** Reads the fields, big-endian, whatever they say; empty if the bytes are no footer at all. */
  static Optional<VhdFooter> parse(ByteBuffer fields) {
    if (fields.limit() != LENGTH_BYTES
        || !fields.slice(0, COOKIE.length).equals(ByteBuffer.wrap(COOKIE))) {
      return Optional.empty();
    }
    return Optional.of(
        new VhdFooter(
            fields.getLong(DATA_OFFSET_AT),
            fields.getLong(CURRENT_SIZE_AT),
            fields.getInt(DISK_TYPE_AT),
            VhdChecksum.isSound(fields, CHECKSUM_AT)));
  }

  /**
   * Fails unless it is whole and that of a disk of the type.
   *
   * @param position where it lies in the file
   */
  void require(int type, long position) throws InvalidImageException {
    if (!hasSoundChecksum) {
      throw InvalidImageException.inField(
          "Checksum", position + CHECKSUM_AT, "does not match the footer");
    }
    if (diskType == DIFFERENCING) {
      throw new InvalidImageException("is a differencing disk; merge it with its parent");
    }
    if (diskType != type) {
      throw InvalidImageException.inField(
          "Disk Type", position + DISK_TYPE_AT, "%d is not %d".formatted(diskType, type));
    }
    if (diskBytes < 0) {
      throw InvalidImageException.inField(
          "Current Size",
          position + CURRENT_SIZE_AT,
          Long.toUnsignedString(diskBytes) + " is impossible");
    }
    if (type == DYNAMIC
        && (headerPosition < LENGTH_BYTES
            || headerPosition > Long.MAX_VALUE - VhdDynamicHeader.LENGTH_BYTES)) {
      throw InvalidImageException.inField(
          "Data Offset",
          position + DATA_OFFSET_AT,
          Long.toUnsignedString(headerPosition) + " is impossible");
    }
  }
}
