package io.vitrine.format.vhdx;

import io.vitrine.format.probe.Checks;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Probe;
import io.vitrine.format.probe.Region;
import io.vitrine.format.probe.Tail;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * VHDX (MS-VHDX): the identifier, then the headers, the two copies of the region table, the
 * metadata table that it points to, and the items it lists, among them the size and the parent.
 * Each structure is captured once its position is known. A pointer backwards violates the format
 * and is not followed. Unless a log changes it, the BAT tells whether the content is cut off.
 */
public final class VhdxProbe implements Probe {
  private final Region head;
  private final Region firstHeader = new Region(VhdxHeader.FIRST, VhdxHeader.BYTES);
  private final Region secondHeader = new Region(VhdxHeader.SECOND, VhdxHeader.BYTES);
  private final Region firstRegions = new Region(RegionTable.FIRST, RegionTable.BYTES);
  private final Region secondRegions = new Region(RegionTable.SECOND, RegionTable.BYTES);
  private Region metadataTable = none();
  private Region metadata = none();
  private Region parameters = none();
  private Region diskSize = none();

  /** Without it the virtual size is known all the same. */
  private Region sectorSize = new Region(0, 0);

  private Optional<BatCapture> bat = Optional.empty();
  private long metadataOffset;
  private int step;

  /** Recognises the format in a stream with this head. */
  public VhdxProbe(Region head) {
    this.head = head;
  }

  @Override
  public List<Region> next() {
    return switch (step++) {
      case 0 ->
          isVhdx() ? List.of(firstHeader, secondHeader, firstRegions, secondRegions) : List.of();
      case 1 -> findMetadataTable();
      case 2 -> findMetadata();
      case 3 -> findItems();
      default -> findBlocks();
    };
  }

  @Override
  public Optional<DetectedFormat> conclude(long sizeBytes, Tail tail) {
    if (!isVhdx()) {
      return Optional.empty();
    }
    var checks = new Checks(ContentFormat.VHDX);
    if (!parameters.isComplete() || !diskSize.isComplete() || !sectorSize.isComplete()) {
      return checks
          .refuse("structure", "does not state its virtual size; it may be cut off")
          .unknownSize();
    }
    var flags = int32(parameters, MetadataItem.FLAGS_AT);
    var neededBytes = bat.map(BatCapture::neededBytes).orElse(0L);
    return checks
        .refuseIf((flags & MetadataItem.HAS_PARENT) != 0, "parent", MetadataItem.PARENT_REFUSED)
        .refuseHeaderIf(
            hasTwoTables(), "has two region tables that differ, so that readers disagree")
        .refuseHeaderIf(
            neededBytes > sizeBytes,
            "is cut off: needs %d bytes, has %d".formatted(neededBytes, sizeBytes))
        .size(diskBytes());
  }

  private boolean isVhdx() {
    return head.captured().length >= Long.BYTES
        && head.read(ByteOrder.LITTLE_ENDIAN).getLong(0) == VhdxDisk.SIGNATURE;
  }

  /** The valid copies of the region table; readers use the first. */
  private List<ByteBuffer> regionTables() {
    return Stream.of(firstRegions, secondRegions)
        .map(region -> region.read(ByteOrder.LITTLE_ENDIAN))
        .filter(RegionTable::isValid)
        .toList();
  }

  /** A log may be about to change both copies. */
  private boolean hasTwoTables() {
    return wasClosed() && regionTables().stream().distinct().count() > 1;
  }

  private static List<TableEntry> regions(ByteBuffer table) {
    int count = table.getInt(RegionTable.COUNT_AT);
    if (!isCount(count)) {
      return List.of();
    }
    var entries = table.slice(RegionTable.HEADER_BYTES, count * TableEntry.BYTES);
    return TableEntry.parse(entries.order(ByteOrder.LITTLE_ENDIAN), RegionTable.HEADER_BYTES);
  }

  private List<Region> findMetadataTable() {
    var entries = regionTables().stream().findFirst().map(VhdxProbe::regions).orElse(List.of());
    metadataOffset =
        TableEntry.find(entries, FileRegion.METADATA)
            .map(entry -> entry.fields().getLong(0))
            .orElse(-1L);
    if (metadataOffset < FileRegion.FIRST_POSITION || metadataOffset > Long.MAX_VALUE / 2) {
      return List.of();
    }
    metadataTable = new Region(metadataOffset, MetadataTable.HEADER_BYTES);
    bat = TableEntry.find(entries, FileRegion.BAT).flatMap(this::bat);
    var found = new ArrayList<>(List.of(metadataTable));
    bat.ifPresent(capture -> found.add(capture.early()));
    return found;
  }

  private Optional<BatCapture> bat(TableEntry entry) {
    long position = entry.fields().getLong(0);
    long lengthBytes = FileRegion.length(entry);
    return wasClosed() && FileRegion.isPossible(position, lengthBytes)
        ? Optional.of(new BatCapture(position, lengthBytes, metadataOffset))
        : Optional.empty();
  }

  /** Whether no log changes the structures of the file. */
  private boolean wasClosed() {
    return VhdxHeader.current(
            firstHeader.read(ByteOrder.LITTLE_ENDIAN), secondHeader.read(ByteOrder.LITTLE_ENDIAN))
        .filter(header -> !header.hasLog())
        .isPresent();
  }

  private List<Region> findMetadata() {
    var table = metadataTable.read(ByteOrder.LITTLE_ENDIAN);
    var count = Short.toUnsignedInt(table.getShort(MetadataTable.COUNT_AT));
    if (table.getLong(0) != MetadataTable.SIGNATURE || !isCount(count)) {
      return List.of();
    }
    metadata = new Region(metadataTable.wanted(), count * TableEntry.BYTES);
    return List.of(metadata);
  }

  private List<Region> findItems() {
    var entries = entries(metadata);
    var foundParameters = item(entries, MetadataItem.FILE_PARAMETERS);
    var foundSize = item(entries, MetadataItem.VIRTUAL_DISK_SIZE);
    var foundSector = item(entries, MetadataItem.LOGICAL_SECTOR_SIZE);
    if (foundParameters.isEmpty() || foundSize.isEmpty()) {
      return List.of();
    }
    parameters = foundParameters.get();
    diskSize = foundSize.get();
    sectorSize = foundSector.orElse(sectorSize);
    bat = bat.filter(capture -> foundSector.isPresent());
    return List.of(parameters, diskSize, sectorSize);
  }

  private Optional<Region> item(List<TableEntry> entries, MetadataItem item) {
    return TableEntry.find(entries, item.guid())
        .map(entry -> Integer.toUnsignedLong(entry.fields().getInt(0)))
        .filter(offset -> offset >= MetadataTable.FIRST_ITEM)
        .map(offset -> new Region(metadataOffset + offset, item.lengthBytes()));
  }

  private List<Region> findBlocks() {
    return bat.map(this::findBlocks).orElse(List.of());
  }

  private List<Region> findBlocks(BatCapture capture) {
    var geometry =
        new DiskGeometry(
            Integer.toUnsignedLong(int32(parameters, 0)), diskBytes(), int32(sectorSize, 0));
    long passed = Math.max(sectorSize.wanted(), Math.max(parameters.wanted(), diskSize.wanted()));
    return geometry.isSound() ? capture.next(geometry, passed) : List.of();
  }

  private long diskBytes() {
    return diskSize.read(ByteOrder.LITTLE_ENDIAN).getLong(0);
  }

  private static int int32(Region region, int at) {
    return region.read(ByteOrder.LITTLE_ENDIAN).getInt(at);
  }

  /** The entries of a table that was captured in full. */
  private static List<TableEntry> entries(Region table) {
    var entries = table.read(ByteOrder.LITTLE_ENDIAN);
    return TableEntry.parse(entries, table.wanted() - entries.limit());
  }

  private static boolean isCount(int count) {
    return count >= 1 && count <= TableEntry.MAX_COUNT;
  }

  /** A placeholder for a region that was not asked for; never complete. */
  private static Region none() {
    return new Region(0, 1);
  }
}
