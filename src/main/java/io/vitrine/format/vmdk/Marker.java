package io.vitrine.format.vmdk;

import static io.vitrine.format.vmdk.SparseHeader.SECTOR_BYTES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What stands before each grain and each piece of metadata of a compressed extent, at the start of
 * a sector.
 *
 * @param value the grain's first sector of the disk; or the number of sectors of metadata
 * @param sizeBytes of the compressed data, which follows the first two fields; 0 for metadata
 * @param type of metadata, which a sector of its own announces
 */
record Marker(long value, int sizeBytes, int type) {
  static final int END_OF_STREAM = 0;
  static final int GRAIN_TABLE = 1;
  static final int GRAIN_DIRECTORY = 2;
  static final int FOOTER = 3;

  /** The length of all three fields. */
  static final int BYTES = 16;

  /** Where the size is. */
  static final int SIZE_AT = 8;

  /** Where a grain's data begins, or the type of metadata is. */
  static final int DATA_AT = 12;

  /** Reads a marker at the start of the buffer. */
  static Marker parse(ByteBuffer start) {
    var marker = start.slice().order(ByteOrder.LITTLE_ENDIAN);
    return new Marker(marker.getLong(0), marker.getInt(SIZE_AT), marker.getInt(DATA_AT));
  }

  /** The sector that announces metadata. */
  static ByteBuffer announcing(int type, long sectors) {
    return ByteBuffer.allocate(SECTOR_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(0, sectors)
        .putInt(DATA_AT, type);
  }

  boolean isGrain() {
    return sizeBytes != 0;
  }

  /** Whether the sector announces metadata of the type, and has nothing else but zeros. */
  static boolean isAnnouncing(int type, ByteBuffer sector) {
    return sector.equals(announcing(type, parse(sector).value()));
  }
}
