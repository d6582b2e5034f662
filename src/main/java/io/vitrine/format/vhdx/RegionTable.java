package io.vitrine.format.vhdx;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.mapped.ClaimedSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The regions of the file (MS-VHDX 2.2.3), none of which is listed twice.
 *
 * @param position of the table in the file
 */
record RegionTable(long position, List<FileRegion> regions) {
  /** Where the first copy lies. */
  static final long FIRST = 192 << 10;

  /** The length of the header before the entries. */
  static final int HEADER_BYTES = 16;

  /** Where the header has the number of entries. */
  static final int COUNT_AT = 8;

  /** What the header begins with. */
  private static final int SIGNATURE = 0x69676572;

  /** Where the second copy lies. */
  static final long SECOND = 256 << 10;

  /** The length of the table. */
  static final int BYTES = 64 << 10;

  /** Reads the first copy of the table, or the second if the first is spoiled. */
  static RegionTable read(ByteSource file) throws IOException {
    for (long position : new long[] {FIRST, SECOND}) {
      var structure = file.read(position, BYTES, ByteOrder.LITTLE_ENDIAN);
      if (isValid(structure)) {
        return parse(position, structure);
      }
    }
    throw new InvalidImageException(
        "is corrupt: neither the region table at offset %d nor that at %d is valid"
            .formatted(FIRST, SECOND));
  }

  /** Whether a little-endian copy of the table counts. */
  static boolean isValid(ByteBuffer structure) {
    return structure.limit() == BYTES
        && structure.getInt(0) == SIGNATURE
        && Checksum.isRight(structure);
  }

  private static RegionTable parse(long position, ByteBuffer structure)
      throws InvalidImageException {
    long count = Integer.toUnsignedLong(structure.getInt(COUNT_AT));
    if (count > TableEntry.MAX_COUNT) {
      throw InvalidImageException.inField(
          "EntryCount", position + COUNT_AT, count + " is more than " + TableEntry.MAX_COUNT);
    }
    var entries = structure.slice(HEADER_BYTES, (int) count * TableEntry.BYTES);
    var regions = new ArrayList<FileRegion>();
    var guids = new HashSet<UUID>();
    for (var entry :
        TableEntry.parse(entries.order(ByteOrder.LITTLE_ENDIAN), position + HEADER_BYTES)) {
      if (!guids.add(entry.guid())) {
        throw InvalidImageException.inField(
            "Guid", entry.position(), "the region %s is listed twice".formatted(entry.guid()));
      }
      regions.add(FileRegion.of(entry));
    }
    return new RegionTable(position, regions);
  }

  /** The block allocation table. */
  FileRegion bat() throws InvalidImageException {
    return get("BAT", FileRegion.BAT);
  }

  /** The metadata region. */
  FileRegion metadata() throws InvalidImageException {
    return get("metadata region", FileRegion.METADATA);
  }

  private FileRegion get(String name, UUID guid) throws InvalidImageException {
    Optional<FileRegion> found =
        regions.stream().filter(region -> region.guid().equals(guid)).findFirst();
    return found.orElseThrow(
        () ->
            new InvalidImageException(
                "is corrupt: the region table at offset %d lists no %s".formatted(position, name)));
  }

  /** Claims the space of all regions. */
  void claim(ClaimedSpace space) throws InvalidImageException {
    for (var region : regions) {
      space.claim(region.name(), region.position(), region.lengthBytes());
    }
  }
}
