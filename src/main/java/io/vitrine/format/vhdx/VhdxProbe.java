package io.vitrine.format.vhdx;

import io.vitrine.format.probe.Checks;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Probe;
import io.vitrine.format.probe.Region;
import io.vitrine.format.probe.Tail;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * VHDX (MS-VHDX): the identifier, then the region table at 192 KiB, the metadata table it points
 * to, and the items it lists, among them the size and the parent. Each structure is captured once
 * its position is known. A pointer backwards violates the format and is not followed.
 */
public final class VhdxProbe implements Probe {
  private static final byte[] IDENTIFIER = ascii("vhdxfile");
  private static final byte[] REGION_SIGNATURE = ascii("regi");
  private static final byte[] METADATA_SIGNATURE = ascii("metadata");
  private static final byte[] METADATA_REGION = guid("06a27c8b90479a4bb8fe575f050f886e");
  private static final byte[] FILE_PARAMETERS = guid("3767a1ca36fa434db3b633f0aa44e76b");
  private static final byte[] VIRTUAL_DISK_SIZE = guid("2442a52f1bcd7648b2115dbed83bf4b8");

  private static final long REGION_TABLE = 192 * 1024;
  private static final int REGION_TABLE_HEADER_BYTES = 16;
  private static final long FIRST_REGION = 1024 * 1024;
  private static final int METADATA_TABLE_HEADER_BYTES = 32;
  private static final long FIRST_ITEM = 64 * 1024;
  private static final int ITEM_BYTES = 8;
  private static final int ENTRY_BYTES = 32;
  private static final int MAX_ENTRIES = 2047;
  private static final int HAS_PARENT = 0b10;

  private final Region head;
  private final Region regionTable = new Region(REGION_TABLE, REGION_TABLE_HEADER_BYTES);
  private Region regions = none();
  private Region metadataTable = none();
  private Region metadata = none();
  private Region parameters = none();
  private Region diskSize = none();
  private long metadataOffset;
  private int step;

  /** Recognises the format in a stream with this head. */
  public VhdxProbe(Region head) {
    this.head = head;
  }

  @Override
  public List<Region> next() {
    return switch (step++) {
      case 0 -> head.has(0, IDENTIFIER) ? List.of(regionTable) : List.of();
      case 1 -> findRegions();
      case 2 -> findMetadataTable();
      case 3 -> findMetadata();
      case 4 -> findItems();
      default -> List.of();
    };
  }

  @Override
  public Optional<DetectedFormat> conclude(long sizeBytes, Tail tail) {
    if (!head.has(0, IDENTIFIER)) {
      return Optional.empty();
    }
    var checks = new Checks(ContentFormat.VHDX);
    if (!parameters.isComplete() || !diskSize.isComplete()) {
      return checks
          .refuse("structure", "does not state its virtual size; it may be cut off")
          .unknownSize();
    }
    var flags = parameters.read(ByteOrder.LITTLE_ENDIAN).getInt(Integer.BYTES);
    return checks
        .refuseIf(
            (flags & HAS_PARENT) != 0, "parent", "is a differencing disk; merge it with its parent")
        .size(diskSize.read(ByteOrder.LITTLE_ENDIAN).getLong(0));
  }

  private List<Region> findRegions() {
    var count = regionTable.read(ByteOrder.LITTLE_ENDIAN).getInt(8);
    if (!regionTable.has(0, REGION_SIGNATURE) || count < 1 || count > MAX_ENTRIES) {
      return List.of();
    }
    regions = new Region(regionTable.wanted(), count * ENTRY_BYTES);
    return List.of(regions);
  }

  private List<Region> findMetadataTable() {
    metadataOffset = find(regions, METADATA_REGION).map(entry -> entry.getLong(0)).orElse(-1L);
    if (metadataOffset < FIRST_REGION || metadataOffset > Long.MAX_VALUE / 2) {
      return List.of();
    }
    metadataTable = new Region(metadataOffset, METADATA_TABLE_HEADER_BYTES);
    return List.of(metadataTable);
  }

  private List<Region> findMetadata() {
    var count = Short.toUnsignedInt(metadataTable.read(ByteOrder.LITTLE_ENDIAN).getShort(10));
    if (!metadataTable.has(0, METADATA_SIGNATURE) || count < 1 || count > MAX_ENTRIES) {
      return List.of();
    }
    metadata = new Region(metadataTable.wanted(), count * ENTRY_BYTES);
    return List.of(metadata);
  }

  private List<Region> findItems() {
    var parametersAt = findItem(FILE_PARAMETERS);
    var diskSizeAt = findItem(VIRTUAL_DISK_SIZE);
    if (parametersAt.isEmpty() || diskSizeAt.isEmpty()) {
      return List.of();
    }
    parameters = new Region(parametersAt.getAsLong(), ITEM_BYTES);
    diskSize = new Region(diskSizeAt.getAsLong(), ITEM_BYTES);
    return List.of(parameters, diskSize);
  }

  private OptionalLong findItem(byte[] guid) {
    var offset =
        find(metadata, guid).map(entry -> Integer.toUnsignedLong(entry.getInt(0))).orElse(0L);
    return offset < FIRST_ITEM ? OptionalLong.empty() : OptionalLong.of(metadataOffset + offset);
  }

  /** The fields after the identifier, in the entry of a table that was captured in full. */
  private static Optional<ByteBuffer> find(Region table, byte[] guid) {
    var entries = table.read(ByteOrder.LITTLE_ENDIAN);
    for (var at = 0; at < entries.limit(); at += ENTRY_BYTES) {
      if (table.has(at, guid)) {
        var rest = entries.slice(at + guid.length, ENTRY_BYTES - guid.length);
        return Optional.of(rest.order(ByteOrder.LITTLE_ENDIAN));
      }
    }
    return Optional.empty();
  }

  /** A placeholder for a region that was not asked for; never complete. */
  private static Region none() {
    return new Region(0, 1);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] guid(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
