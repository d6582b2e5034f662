package io.vitrine.format.vmdk;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.InvalidImageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The header of a sparse extent, which its footer repeats (VMware's Virtual Disk Format 5.0,
 * SparseExtentHeader). Offsets and sizes are in sectors of 512 bytes.
 *
 * @param flags see the constants
 * @param capacity the size of the disk
 * @param grainSectors the unit of allocation
 * @param tableEntries the number of grains that one grain table maps
 * @param redundantDirectory the place of a copy of the grain directory, which is not read
 * @param directory the place of the grain directory, or {@link #AT_END}
 * @param overhead what metadata takes before the first grain
 * @param lineEnds bytes that a transfer as text would change
 * @param compression 0 for none, 1 for deflate
 */
record SparseHeader(
    int version,
    int flags,
    long capacity,
    long grainSectors,
    long descriptorOffset,
    long descriptorSectors,
    int tableEntries,
    long redundantDirectory,
    long directory,
    long overhead,
    int lineEnds,
    int compression) {
  static final int SECTOR_BYTES = 512;

  /** The characters KDMV, little-endian. */
  private static final int MAGIC = 0x564d444b;

  /** The grain directory's place is told by the footer only. */
  static final long AT_END = -1;

  static final int HAS_LINE_ENDS = 1;
  static final int HAS_ZERO_GRAINS = 1 << 2;
  static final int COMPRESSED = 1 << 16;
  static final int HAS_MARKERS = 1 << 17;

  /** A newline, a space, and a Windows line end. */
  static final int LINE_ENDS = 0x0a0d200a;

  static final int DEFLATE = 1;

  /** The most that qemu reads of a descriptor. */
  static final int MAX_DESCRIPTOR_SECTORS = 1024 * 1024 / SECTOR_BYTES;

  /** The size of a disk of 32 TiB with the usual grains of 64 KiB. */
  static final int MAX_TABLES = 1 << 20;

  static final int MAX_TABLE_ENTRIES = 512;

  private static final int KNOWN_FLAGS = COMPRESSED | HAS_MARKERS | 0xffff;
  private static final int MAX_GRAIN_SECTORS = BlockSource.MAX_PIECE_BYTES / SECTOR_BYTES;

  /** Tables point to sectors by 32 bits. */
  private static final long MAX_SECTOR = 0xffff_ffffL;

  private static final int VERSION_AT = 4;
  private static final int FLAGS_AT = 8;
  private static final int CAPACITY_AT = 12;
  private static final int GRAIN_SIZE_AT = 20;
  private static final int DESCRIPTOR_OFFSET_AT = 28;
  private static final int DESCRIPTOR_SIZE_AT = 36;
  private static final int TABLE_ENTRIES_AT = 44;
  private static final int REDUNDANT_DIRECTORY_AT = 48;
  private static final int DIRECTORY_AT = 56;
  static final int OVERHEAD_AT = 64;
  private static final int LINE_ENDS_AT = 73;
  private static final int COMPRESSION_AT = 77;

  /** Whether a sector is such a header. */
  static boolean isIn(ByteBuffer sector) {
    return sector.slice().order(ByteOrder.LITTLE_ENDIAN).getInt(0) == MAGIC;
  }

  /** Reads a sector; checks nothing. */
  static SparseHeader parse(ByteBuffer sector) {
    var header = sector.slice().order(ByteOrder.LITTLE_ENDIAN);
    return new SparseHeader(
        header.getInt(VERSION_AT),
        header.getInt(FLAGS_AT),
        header.getLong(CAPACITY_AT),
        header.getLong(GRAIN_SIZE_AT),
        header.getLong(DESCRIPTOR_OFFSET_AT),
        header.getLong(DESCRIPTOR_SIZE_AT),
        header.getInt(TABLE_ENTRIES_AT),
        header.getLong(REDUNDANT_DIRECTORY_AT),
        header.getLong(DIRECTORY_AT),
        header.getLong(OVERHEAD_AT),
        header.getInt(LINE_ENDS_AT),
        Short.toUnsignedInt(header.getShort(COMPRESSION_AT)));
  }

  /** The header as a sector. */
  ByteBuffer toSector() {
    return ByteBuffer.allocate(SECTOR_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0, MAGIC)
        .putInt(VERSION_AT, version)
        .putInt(FLAGS_AT, flags)
        .putLong(CAPACITY_AT, capacity)
        .putLong(GRAIN_SIZE_AT, grainSectors)
        .putLong(DESCRIPTOR_OFFSET_AT, descriptorOffset)
        .putLong(DESCRIPTOR_SIZE_AT, descriptorSectors)
        .putInt(TABLE_ENTRIES_AT, tableEntries)
        .putLong(REDUNDANT_DIRECTORY_AT, redundantDirectory)
        .putLong(DIRECTORY_AT, directory)
        .putLong(OVERHEAD_AT, overhead)
        .putInt(LINE_ENDS_AT, lineEnds)
        .putShort(COMPRESSION_AT, (short) compression);
  }

  /**
   * Fails unless all fields but those of the descriptor are sound and do not contradict each other.
   *
   * @param at the header's position in the file, in bytes
   */
  void check(long at) throws InvalidImageException {
    checkFeatures(at);
    require(
        capacity > 0 && capacity <= Long.MAX_VALUE / SECTOR_BYTES,
        "capacity",
        at + CAPACITY_AT,
        capacity + " is no possible number of sectors");
    require(
        Long.bitCount(grainSectors) == 1 && grainSectors > 0 && grainSectors <= MAX_GRAIN_SECTORS,
        "grainSize",
        at + GRAIN_SIZE_AT,
        "%d is not a power of two of at most %d".formatted(grainSectors, MAX_GRAIN_SECTORS));
    require(
        tableEntries > 0 && tableEntries <= MAX_TABLE_ENTRIES,
        "numGTEsPerGT",
        at + TABLE_ENTRIES_AT,
        "%d is not between 1 and %d".formatted(tableEntries, MAX_TABLE_ENTRIES));
    require(
        Math.ceilDiv(capacity, grainSectors * tableEntries) <= MAX_TABLES,
        "capacity",
        at + CAPACITY_AT,
        "%d needs more than %d grain tables".formatted(capacity, MAX_TABLES));
    require(
        directory == AT_END || (directory > 0 && directory <= MAX_SECTOR),
        "gdOffset",
        at + DIRECTORY_AT,
        directory + " is no possible sector");
    require(
        overhead >= 0 && overhead <= MAX_SECTOR,
        "overHead",
        at + OVERHEAD_AT,
        overhead + " is no possible number of sectors");
  }

  /** The flags are 16 bits for hints and 16 for what a reader must understand. */
  private void checkFeatures(long at) throws InvalidImageException {
    require(
        version >= 1 && version <= 3,
        "version",
        at + VERSION_AT,
        version + " is not between 1 and 3");
    require(
        (flags & ~KNOWN_FLAGS) == 0,
        "flags",
        at + FLAGS_AT,
        "0x%x has unknown bits".formatted(flags));
    require(
        isCompressed() == ((flags & HAS_MARKERS) != 0),
        "flags",
        at + FLAGS_AT,
        "0x%x has compression without markers, or markers without it".formatted(flags));
    require(
        compression == (isCompressed() ? DEFLATE : 0),
        "compressAlgorithm",
        at + COMPRESSION_AT,
        compression + " is unknown or contradicts the flags");
    require(
        (flags & HAS_LINE_ENDS) == 0 || lineEnds == LINE_ENDS,
        "singleEndLineChar",
        at + LINE_ENDS_AT,
        "line ends were changed, as by a transfer as text");
  }

  private static void require(boolean isSound, String field, long offset, String fault)
      throws InvalidImageException {
    if (!isSound) {
      throw InvalidImageException.inField(field, offset, fault);
    }
  }

  /** Whether a footer with these values may replace the header. */
  boolean isReplacedBy(SparseHeader footer) {
    return footer.directory != AT_END
        && equals(
            new SparseHeader(
                footer.version,
                footer.flags,
                footer.capacity,
                footer.grainSectors,
                footer.descriptorOffset,
                footer.descriptorSectors,
                footer.tableEntries,
                redundantDirectory,
                directory,
                overhead,
                lineEnds,
                footer.compression));
  }

  /** The same header with the grain directory's place. */
  SparseHeader withDirectory(long sector) {
    return new SparseHeader(
        version,
        flags,
        capacity,
        grainSectors,
        descriptorOffset,
        descriptorSectors,
        tableEntries,
        redundantDirectory,
        sector,
        overhead,
        lineEnds,
        compression);
  }

  /** Whether the descriptor is where it must be, right after the header, and has a sane size. */
  boolean hasDescriptor() {
    return descriptorOffset == 1
        && descriptorSectors > 0
        && descriptorSectors <= MAX_DESCRIPTOR_SECTORS;
  }

  boolean isDirectoryAtEnd() {
    return directory == AT_END;
  }

  boolean isCompressed() {
    return (flags & COMPRESSED) != 0;
  }

  /** Whether the entry of a grain table maps no grain: 0, or 1 where that states zeros. */
  boolean isEmpty(int entry) {
    return entry == 0 || (entry == 1 && (flags & HAS_ZERO_GRAINS) != 0);
  }

  /** The size of the disk. */
  long sizeBytes() {
    return capacity * SECTOR_BYTES;
  }

  int grainBytes() {
    return (int) grainSectors * SECTOR_BYTES;
  }

  long grains() {
    return Math.ceilDiv(capacity, grainSectors);
  }

  /** The number of grain tables. */
  int tables() {
    return (int) Math.ceilDiv(grains(), tableEntries);
  }

  /** The number of grains that a table maps; the last one may have fewer. */
  int entriesOf(int table) {
    return (int) Math.min(tableEntries, grains() - (long) table * tableEntries);
  }
}
