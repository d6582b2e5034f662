package io.vitrine.format.vdi;

import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.mapped.BlockTable;
import java.nio.ByteBuffer;

/**
 * The header of a VDI as it was read; {@link #require} checks it. Version 1.1 is the one that
 * VirtualBox and qemu write, and the only one that qemu reads.
 *
 * @param mapPosition of the block map in the file
 * @param dataPosition of the first block in the file
 * @param blocks the number of entries in the block map
 * @param hasParent whether it names another image, or is of a type that needs one
 */
record VdiHeader(
    int signature,
    int version,
    int type,
    long mapPosition,
    long dataPosition,
    long sectorBytes,
    long diskBytes,
    long blockBytes,
    long extraBytes,
    long blocks,
    long allocatedBlocks,
    boolean hasParent) {
  static final int LENGTH_BYTES = 512;

  private static final int SIGNATURE_AT = 0x40;
  private static final int VERSION_AT = 0x44;
  private static final int TYPE_AT = 0x4c;
  private static final int MAP_POSITION_AT = 0x154;
  private static final int DATA_POSITION_AT = 0x158;
  private static final int SECTOR_BYTES_AT = 0x168;
  private static final int DISK_BYTES_AT = 0x170;
  private static final int BLOCK_BYTES_AT = 0x178;
  private static final int EXTRA_BYTES_AT = 0x17c;
  private static final int BLOCKS_AT = 0x180;
  private static final int ALLOCATED_BLOCKS_AT = 0x184;
  private static final int LINK_UUID_AT = 0x1a8;
  private static final int PARENT_UUID_AT = 0x1b8;
  private static final int END_OF_FIELDS = 0x1c8;

  private static final int SIGNATURE = 0xbeda107f;
  private static final int VERSION_1_1 = 0x1_0001;
  private static final int DYNAMIC = 1;
  private static final int STATIC = 2;
  private static final int SECTOR_BYTES = 512;
  private static final long MAX_BLOCK_BYTES = 256 << 20;

  /** Reads the fields, whatever they say, from the first bytes of a file, little-endian. */
  static VdiHeader parse(ByteBuffer bytes) {
    int type = bytes.getInt(TYPE_AT);
    return new VdiHeader(
        bytes.getInt(SIGNATURE_AT),
        bytes.getInt(VERSION_AT),
        type,
        unsigned(bytes, MAP_POSITION_AT),
        unsigned(bytes, DATA_POSITION_AT),
        unsigned(bytes, SECTOR_BYTES_AT),
        bytes.getLong(DISK_BYTES_AT),
        unsigned(bytes, BLOCK_BYTES_AT),
        unsigned(bytes, EXTRA_BYTES_AT),
        unsigned(bytes, BLOCKS_AT),
        unsigned(bytes, ALLOCATED_BLOCKS_AT),
        (type != DYNAMIC && type != STATIC)
            || isSet(bytes, LINK_UUID_AT)
            || isSet(bytes, PARENT_UUID_AT));
  }

  private static long unsigned(ByteBuffer bytes, int at) {
    return Integer.toUnsignedLong(bytes.getInt(at));
  }

  private static boolean isSet(ByteBuffer bytes, int uuidAt) {
    return bytes.getLong(uuidAt) != 0 || bytes.getLong(uuidAt + Long.BYTES) != 0;
  }

  /** Fails unless the disk can be read by this header alone. */
  VdiHeader require() throws InvalidImageException {
    require(signature == SIGNATURE, "signature", SIGNATURE_AT, "is not that of a VDI");
    require(
        version == VERSION_1_1,
        "version",
        VERSION_AT,
        "%d.%d is not 1.1".formatted(version >>> 16, version & 0xffff));
    if (hasParent) {
      throw new InvalidImageException("depends on another image; merge it into one");
    }
    require(
        sectorBytes == SECTOR_BYTES, "sector size", SECTOR_BYTES_AT, sectorBytes + " is not 512");
    requireBlocks();
    requirePositions();
    return this;
  }

  private void requireBlocks() throws InvalidImageException {
    require(
        diskBytes >= 0,
        "disk size",
        DISK_BYTES_AT,
        Long.toUnsignedString(diskBytes) + " is impossible");
    require(
        Long.bitCount(blockBytes) == 1
            && blockBytes >= SECTOR_BYTES
            && blockBytes <= MAX_BLOCK_BYTES,
        "block size",
        BLOCK_BYTES_AT,
        "%d is no power of two from 512 to %d".formatted(blockBytes, MAX_BLOCK_BYTES));
    require(extraBytes == 0, "extra bytes of a block", EXTRA_BYTES_AT, extraBytes + " is not 0");
    require(
        usedEntries() <= blocks,
        "number of blocks",
        BLOCKS_AT,
        "%d blocks of %d bytes do not hold the %d bytes of the disk"
            .formatted(blocks, blockBytes, diskBytes));
    require(
        allocatedBlocks <= blocks,
        "number of allocated blocks",
        ALLOCATED_BLOCKS_AT,
        "%d is more than the %d blocks".formatted(allocatedBlocks, blocks));
  }

  /** The map follows the header, and the blocks the map, each at a sector: so all makers do it. */
  private void requirePositions() throws InvalidImageException {
    requireSector("position of the block map", MAP_POSITION_AT, mapPosition);
    requireSector("position of the blocks", DATA_POSITION_AT, dataPosition);
    require(
        mapPosition >= END_OF_FIELDS,
        "position of the block map",
        MAP_POSITION_AT,
        mapPosition + " lies within the header");
    require(
        dataPosition >= endOfMap(),
        "position of the blocks",
        DATA_POSITION_AT,
        "%d lies before the end of the block map at %d".formatted(dataPosition, endOfMap()));
  }

  private static void requireSector(String field, int offset, long position)
      throws InvalidImageException {
    require(
        position % SECTOR_BYTES == 0, field, offset, position + " is not the start of a sector");
  }

  private static void require(boolean holds, String field, int offset, String fault)
      throws InvalidImageException {
    if (!holds) {
      throw InvalidImageException.inField(field, offset, fault);
    }
  }

  /** How many entries of the block map are used; there may be more. */
  int usedEntries() throws InvalidImageException {
    return BlockTable.entriesOf(diskBytes, blockBytes);
  }

  /** The position of a block in the file. */
  long positionOf(int index) {
    return dataPosition + Integer.toUnsignedLong(index) * blockBytes;
  }

  /**
   * How long the file must be, by arithmetic alone; {@link Long#MAX_VALUE} if nothing is that long.
   * All known makers write whole blocks. Of a static disk, bytes past its end may be missing.
   */
  long neededBytes() {
    long strideBytes = blockBytes + extraBytes;
    if (allocatedBlocks == 0) {
      return endOfMap();
    }
    if (strideBytes > (Long.MAX_VALUE - dataPosition) / allocatedBlocks) {
      return Long.MAX_VALUE;
    }
    long end = dataPosition + allocatedBlocks * strideBytes;
    return Math.max(endOfMap(), type == STATIC ? end - unusedBytes() : end);
  }

  /** What of the last block lies past the end of the disk. */
  private long unusedBytes() {
    return blockBytes == 0 || diskBytes < 0 ? 0 : Math.floorMod(-diskBytes, blockBytes);
  }

  private long endOfMap() {
    return mapPosition + blocks * BlockTable.ENTRY_BYTES;
  }
}
