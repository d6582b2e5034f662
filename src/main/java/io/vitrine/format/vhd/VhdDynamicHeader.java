package io.vitrine.format.vhd;

import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.mapped.BlockTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The header of a dynamic VHD (Virtual Hard Disk Image Format Specification, version 1.0, "Dynamic
 * Disk Header Format"), which is checked as it is read.
 *
 * @param position where it lies in the file
 * @param tablePosition of the block allocation table (BAT) in the file
 * @param maxTableEntries how many entries the table has, used or not
 * @param blockBytes the length of a block without its bitmap
 */
record VhdDynamicHeader(long position, long tablePosition, long maxTableEntries, long blockBytes) {
  static final int LENGTH_BYTES = 1024;
  static final int SECTOR_BYTES = 512;

  /** The entry of a block that was never written. */
  static final int HOLE = 0xffffffff;

  private static final byte[] COOKIE = "cxsparse".getBytes(StandardCharsets.US_ASCII);
  private static final int TABLE_OFFSET_AT = 16;
  private static final int MAX_TABLE_ENTRIES_AT = 28;
  private static final int BLOCK_SIZE_AT = 32;
  private static final int CHECKSUM_AT = 36;

  private static final int MIN_BLOCK_BYTES = 4 << 10;
  private static final long MAX_BLOCK_BYTES = 256 << 20;
  private static final int BITS_OF_A_SECTOR = SECTOR_BYTES * Byte.SIZE;

  /** Reads a header, big-endian. */
  static VhdDynamicHeader parse(ByteBuffer bytes, long position) throws InvalidImageException {
    if (!bytes.slice(0, COOKIE.length).equals(ByteBuffer.wrap(COOKIE))) {
      throw InvalidImageException.inField("Cookie", position, "is not \"cxsparse\"");
    }
    if (!VhdChecksum.isSound(bytes, CHECKSUM_AT)) {
      throw InvalidImageException.inField(
          "Checksum", position + CHECKSUM_AT, "does not match the dynamic disk header");
    }
    long blockBytes = Integer.toUnsignedLong(bytes.getInt(BLOCK_SIZE_AT));
    if (Long.bitCount(blockBytes) != 1
        || blockBytes < MIN_BLOCK_BYTES
        || blockBytes > MAX_BLOCK_BYTES) {
      throw InvalidImageException.inField(
          "Block Size",
          position + BLOCK_SIZE_AT,
          "%d is no power of two from %d to %d"
              .formatted(blockBytes, MIN_BLOCK_BYTES, MAX_BLOCK_BYTES));
    }
    var header =
        new VhdDynamicHeader(
            position,
            bytes.getLong(TABLE_OFFSET_AT),
            Integer.toUnsignedLong(bytes.getInt(MAX_TABLE_ENTRIES_AT)),
            blockBytes);
    header.requireTablePosition();
    return header;
  }

  private void requireTablePosition() throws InvalidImageException {
    if (tablePosition < VhdFooter.LENGTH_BYTES
        || tablePosition > Long.MAX_VALUE - tableBytes()
        || (tablePosition < position + LENGTH_BYTES && position < tablePosition + tableBytes())) {
      throw InvalidImageException.inField(
          "Table Offset",
          position + TABLE_OFFSET_AT,
          "a table of %d bytes at %s is impossible"
              .formatted(tableBytes(), Long.toUnsignedString(tablePosition)));
    }
  }

  /** How many entries of the table are used for a disk; there may be more. */
  int usedEntries(long diskBytes) throws InvalidImageException {
    int used = BlockTable.entriesOf(diskBytes, blockBytes);
    if (used > maxTableEntries) {
      throw InvalidImageException.inField(
          "Max Table Entries",
          position + MAX_TABLE_ENTRIES_AT,
          "%d blocks of %d bytes do not hold the %d bytes of the disk"
              .formatted(maxTableEntries, blockBytes, diskBytes));
    }
    return used;
  }

  /** The length of the whole table. */
  long tableBytes() {
    return maxTableEntries * BlockTable.ENTRY_BYTES;
  }

  /** The length of the bitmap before each block: a bit for each sector, in whole sectors. */
  long bitmapBytes() {
    return Math.ceilDiv(blockBytes / SECTOR_BYTES, BITS_OF_A_SECTOR) * SECTOR_BYTES;
  }

  /** How many sectors a block and its bitmap take. */
  long strideSectors() {
    return (bitmapBytes() + blockBytes) / SECTOR_BYTES;
  }

  /** The position in the file of a block's bitmap, which the data follow. */
  static long positionOf(int entry) {
    return Integer.toUnsignedLong(entry) * SECTOR_BYTES;
  }
}
