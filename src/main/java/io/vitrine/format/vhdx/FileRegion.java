package io.vitrine.format.vhdx;

import io.vitrine.format.block.InvalidImageException;
import java.util.UUID;

/**
 * A region that the region table lists (MS-VHDX 2.2.3).
 *
 * @param position in the file; a multiple of 1 MiB
 * @param lengthBytes a multiple of 1 MiB
 */
record FileRegion(UUID guid, long position, long lengthBytes) {
  /** The identifier of the BAT. */
  static final UUID BAT = UUID.fromString("2dc27766-f623-4200-9d64-115e9bfd4a08");

  /** The identifier of the metadata region. */
  static final UUID METADATA = UUID.fromString("8b7ca206-4790-4b9a-b8fe-575f050f886e");

  /** Where objects may begin: after the header section. */
  static final long FIRST_POSITION = VhdxHeader.UNIT_BYTES;

  /**
   * Where the longest file ends: twice the largest disk. The format has no such limit, but what is
   * claimed of a file is kept in memory by position.
   */
  static final long MAX_FILE_BYTES = 2 * DiskGeometry.MAX_DISK_BYTES;

  private static final int LENGTH_AT = 8;
  private static final int REQUIRED_AT = 12;
  private static final int REQUIRED = 1;

  /** Checks an entry of the region table. */
  static FileRegion of(TableEntry entry) throws InvalidImageException {
    long position = entry.fields().getLong(0);
    long lengthBytes = length(entry);
    if (!isPossible(position, lengthBytes)) {
      throw InvalidImageException.inField(
          "FileOffset", entry.fieldsAt(), position + " is not a possible position of a region");
    }
    if (lengthBytes % VhdxHeader.UNIT_BYTES != 0) {
      throw InvalidImageException.inField(
          "Length", entry.fieldsAt() + LENGTH_AT, lengthBytes + " is not a multiple of 1 MiB");
    }
    var region = new FileRegion(entry.guid(), position, lengthBytes);
    if (!region.isKnown() && (entry.fields().getInt(REQUIRED_AT) & REQUIRED) != 0) {
      throw new InvalidImageException(
          "needs the region %s, which is not supported".formatted(entry.guid()));
    }
    return region;
  }

  /** The length field of an entry of the region table, in bytes. */
  static long length(TableEntry entry) {
    return Integer.toUnsignedLong(entry.fields().getInt(LENGTH_AT));
  }

  /** Whether an object may lie there: in whole units, between the header section and the end. */
  static boolean isPossible(long position, long lengthBytes) {
    return position % VhdxHeader.UNIT_BYTES == 0
        && position >= FIRST_POSITION
        && position <= MAX_FILE_BYTES - lengthBytes;
  }

  /** For messages. */
  String name() {
    if (guid.equals(BAT)) {
      return "the BAT";
    }
    return guid.equals(METADATA) ? "the metadata region" : "the region " + guid;
  }

  private boolean isKnown() {
    return guid.equals(BAT) || guid.equals(METADATA);
  }
}
