package io.vitrine.format.vhdx;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** The metadata table (MS-VHDX 2.6.1) and the items it lists. */
final class MetadataTable {
  /** The length of the header before the entries. */
  static final int HEADER_BYTES = 32;

  /** Where the header has the number of entries. */
  static final int COUNT_AT = 10;

  /** What the header begins with. */
  static final long SIGNATURE = 0x617461646174656dL;

  /** Where the first item may lie in the region: after the table. */
  static final int FIRST_ITEM = 64 << 10;

  private static final int OFFSET_AT = 0;
  private static final int LENGTH_AT = 4;
  private static final int FLAGS_AT = 8;
  private static final int IS_USER = 0b001;
  private static final int IS_REQUIRED = 0b100;

  private final ByteSource file;
  private final FileRegion region;
  private final Map<MetadataItem, TableEntry> items = new EnumMap<>(MetadataItem.class);

  private MetadataTable(ByteSource file, FileRegion region) {
    this.file = file;
    this.region = region;
  }

  /** Reads the sizes of a disk and checks all that is listed. */
  static DiskGeometry read(ByteSource file, FileRegion region) throws IOException {
    var table = new MetadataTable(file, region);
    table.list();
    return table.geometry();
  }

  private void list() throws IOException {
    var listed = new HashSet<List<Object>>();
    for (var entry : entries()) {
      int flags = entry.fields().getInt(FLAGS_AT);
      boolean isUser = (flags & IS_USER) != 0;
      if (!listed.add(List.of(entry.guid(), isUser))) {
        throw InvalidImageException.inField(
            "ItemId", entry.position(), "the item %s is listed twice".formatted(entry.guid()));
      }
      var known = MetadataItem.of(entry.guid()).filter(item -> !isUser);
      known.ifPresent(item -> items.put(item, entry));
      if (known.isEmpty() && (flags & IS_REQUIRED) != 0) {
        throw new InvalidImageException(
            "needs the metadata item %s, which is not supported".formatted(entry.guid()));
      }
    }
  }

  private List<TableEntry> entries() throws IOException {
    if (region.lengthBytes() == 0) {
      throw new InvalidImageException("is corrupt: its metadata region is empty");
    }
    var table = file.read(region.position(), FIRST_ITEM, ByteOrder.LITTLE_ENDIAN);
    if (table.getLong(0) != SIGNATURE) {
      throw InvalidImageException.inField(
          "Signature", region.position(), "it is not that of a metadata table");
    }
    int count = Short.toUnsignedInt(table.getShort(COUNT_AT));
    if (count > TableEntry.MAX_COUNT) {
      throw InvalidImageException.inField(
          "EntryCount",
          region.position() + COUNT_AT,
          count + " is more than " + TableEntry.MAX_COUNT);
    }
    var entries = table.slice(HEADER_BYTES, count * TableEntry.BYTES);
    return TableEntry.parse(
        entries.order(ByteOrder.LITTLE_ENDIAN), region.position() + HEADER_BYTES);
  }

  private DiskGeometry geometry() throws IOException {
    var parameters = item(MetadataItem.FILE_PARAMETERS);
    if ((parameters.getInt(MetadataItem.FLAGS_AT) & MetadataItem.HAS_PARENT) != 0) {
      throw new InvalidImageException(MetadataItem.PARENT_REFUSED);
    }
    long blockBytes = Integer.toUnsignedLong(parameters.getInt(0));
    long diskBytes = item(MetadataItem.VIRTUAL_DISK_SIZE).getLong(0);
    long sectorBytes = sectorBytes(MetadataItem.LOGICAL_SECTOR_SIZE);
    sectorBytes(MetadataItem.PHYSICAL_SECTOR_SIZE);
    item(MetadataItem.VIRTUAL_DISK_ID);
    var geometry = new DiskGeometry(blockBytes, diskBytes, sectorBytes);
    require(
        geometry.hasSoundBlocks(),
        MetadataItem.FILE_PARAMETERS,
        "a block size of %d is not a power of two between 1 and 256 MiB".formatted(blockBytes));
    require(
        geometry.hasSoundSize(),
        MetadataItem.VIRTUAL_DISK_SIZE,
        "%s is not a multiple of the sector size of at most 64 TiB"
            .formatted(Long.toUnsignedString(diskBytes)));
    return geometry;
  }

  private long sectorBytes(MetadataItem item) throws IOException {
    long bytes = Integer.toUnsignedLong(item(item).getInt(0));
    require(bytes == 512 || bytes == 4096, item, bytes + " is neither 512 nor 4096");
    return bytes;
  }

  private void require(boolean isSound, MetadataItem item, String fault)
      throws InvalidImageException {
    if (!isSound) {
      throw InvalidImageException.inField(item.title(), position(entry(item)), fault);
    }
  }

  /** Reads the known part of an item. */
  private ByteBuffer item(MetadataItem item) throws IOException {
    var entry = entry(item);
    long offset = Integer.toUnsignedLong(entry.fields().getInt(OFFSET_AT));
    long lengthBytes = Integer.toUnsignedLong(entry.fields().getInt(LENGTH_AT));
    if (lengthBytes < item.lengthBytes()) {
      throw InvalidImageException.inField(
          "Length",
          entry.fieldsAt() + LENGTH_AT,
          "%d is too short for the %s".formatted(lengthBytes, item.title()));
    }
    if (offset < FIRST_ITEM || offset + lengthBytes > region.lengthBytes()) {
      throw InvalidImageException.inField(
          "Offset",
          entry.fieldsAt() + OFFSET_AT,
          "the %s at %d lies outside of its region".formatted(item.title(), offset));
    }
    return file.read(position(entry), item.lengthBytes(), ByteOrder.LITTLE_ENDIAN);
  }

  private TableEntry entry(MetadataItem item) throws InvalidImageException {
    var entry = items.get(item);
    if (entry == null) {
      throw new InvalidImageException(
          "is corrupt: the metadata table at offset %d lists no %s"
              .formatted(region.position(), item.title()));
    }
    return entry;
  }

  /** Where an item lies in the file. */
  private long position(TableEntry entry) {
    return region.position() + Integer.toUnsignedLong(entry.fields().getInt(OFFSET_AT));
  }
}
