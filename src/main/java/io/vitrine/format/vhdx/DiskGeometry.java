package io.vitrine.format.vhdx;

/**
 * The sizes that say how the BAT maps a disk (MS-VHDX 2.4 and 2.5): after the entries of the blocks
 * of each chunk comes one for the chunk's sector bitmap.
 *
 * @param blockBytes the size of a block
 * @param diskBytes the size of the disk
 * @param sectorBytes the size of a logical sector
 */
record DiskGeometry(long blockBytes, long diskBytes, long sectorBytes) {
  /** The size of the largest disk: 64 TiB. */
  static final long MAX_DISK_BYTES = 64L << 40;

  /** The length of an entry of the BAT. */
  static final int ENTRY_BYTES = 8;

  private static final int MIN_BLOCK_BYTES = 1 << 20;
  private static final int MAX_BLOCK_BYTES = 256 << 20;

  /** A sector bitmap takes 1 MiB. */
  private static final long SECTORS_PER_CHUNK = 8 << 20;

  /** Whether the size of blocks is a power of two between 1 and 256 MiB. */
  boolean hasSoundBlocks() {
    return blockBytes >= MIN_BLOCK_BYTES
        && blockBytes <= MAX_BLOCK_BYTES
        && Long.bitCount(blockBytes) == 1;
  }

  /** Whether the disk has sectors of a size that the format knows. */
  boolean hasSoundSectors() {
    return sectorBytes == 512 || sectorBytes == 4096;
  }

  /** Whether the size of the disk is possible, given that its sectors are sound. */
  boolean hasSoundSize() {
    return diskBytes >= 0 && diskBytes <= MAX_DISK_BYTES && diskBytes % sectorBytes == 0;
  }

  /** Whether all sizes are possible. */
  boolean isSound() {
    return hasSoundBlocks() && hasSoundSectors() && hasSoundSize();
  }

  /** How many blocks the disk has. */
  long blocks() {
    return (diskBytes + blockBytes - 1) / blockBytes;
  }

  /** The index in the BAT of a block's entry. */
  long entry(long block) {
    return block + block / blocksPerChunk();
  }

  /** How many entries map the disk; the BAT may have more. */
  long entries() {
    return blocks() == 0 ? 0 : entry(blocks() - 1) + 1;
  }

  /** How many bytes of the disk a block has: the last may have fewer than the others. */
  long bytesOf(long block) {
    return Math.min(blockBytes, diskBytes - block * blockBytes);
  }

  private long blocksPerChunk() {
    return SECTORS_PER_CHUNK * sectorBytes / blockBytes;
  }
}
