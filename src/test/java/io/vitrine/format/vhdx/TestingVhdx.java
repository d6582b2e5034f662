package io.vitrine.format.vhdx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * A sound VHDX made by hand, with what its disk holds. A test may spoil its bytes; the checksums
 * are made right at the end.
 */
final class TestingVhdx {
  static final int MIB = 1 << 20;
  static final int LOG = MIB;
  static final int LOG_BYTES = MIB;
  static final int REGION_ENTRIES = (192 << 10) + 16;
  static final int FIRST_BLOCK = 4 * MIB;
  static final int FULLY_PRESENT = 6;

  /** Where items lie in the metadata region. */
  static final int PARAMETERS = 64 << 10;

  static final int DISK_SIZE = PARAMETERS + 8;
  static final int LOGICAL_SECTOR = PARAMETERS + 16;
  static final int PHYSICAL_SECTOR = PARAMETERS + 20;
  static final int DISK_ID = PARAMETERS + 24;

  private final DiskGeometry geometry;
  private final int bat;
  private final int metadata;
  private final ByteBuffer file;
  private final byte[] disk;
  private boolean sealsRegions = true;

  private TestingVhdx(DiskGeometry geometry, int bat, int metadata, int fileBytes) {
    this.geometry = geometry;
    this.bat = bat;
    this.metadata = metadata;
    file = ByteBuffer.allocate(fileBytes).order(ByteOrder.LITTLE_ENDIAN);
    // Tests of disks that no array can hold do without the content.
    disk = new byte[geometry.diskBytes() > 64 * MIB ? 0 : (int) geometry.diskBytes()];
    text(0, "vhdxfile");
    header(64 << 10, 7);
    header(128 << 10, 8);
    region(REGION_ENTRIES, FileRegion.BAT, bat);
    region(REGION_ENTRIES + 32, FileRegion.METADATA, metadata);
    text(192 << 10, "regi").int32((192 << 10) + 8, 2);
    sameRegions();
    metadata();
  }

  /** A disk whose blocks are all absent, laid out as QEMU does: the BAT comes first. */
  static TestingVhdx of(DiskGeometry geometry, int fileBytes) {
    return new TestingVhdx(geometry, 2 * MIB, 3 * MIB, fileBytes);
  }

  /** The same laid out as Hyper-V does: the metadata comes first. */
  static TestingVhdx metadataFirst(DiskGeometry geometry, int fileBytes) {
    return new TestingVhdx(geometry, 3 * MIB, 2 * MIB, fileBytes);
  }

  /** A disk of 5.5 MiB in blocks of 1 MiB, with blocks out of order, a hole and zeros. */
  static TestingVhdx small() {
    return of(new DiskGeometry(MIB, 5 * MIB + MIB / 2, 512), 8 * MIB)
        .block(0, 6 * MIB)
        .block(1, 4 * MIB)
        .block(2, 5 * MIB)
        .state(3, 2)
        .block(5, 7 * MIB);
  }

  private void header(int at, long sequenceNumber) {
    text(at, "head").int64(at + 8, sequenceNumber).int16(at + 66, 1);
    int32(at + 68, LOG_BYTES).int64(at + 72, LOG);
  }

  private void region(int at, UUID guid, long position) {
    guid(at, guid).int64(at + 16, position).int32(at + 24, MIB).int32(at + 28, 1);
  }

  private void metadata() {
    text(metadata, "metadata").int16(metadata + 10, 5);
    item(0, MetadataItem.FILE_PARAMETERS, PARAMETERS);
    item(1, MetadataItem.VIRTUAL_DISK_SIZE, DISK_SIZE);
    item(2, MetadataItem.LOGICAL_SECTOR_SIZE, LOGICAL_SECTOR);
    item(3, MetadataItem.PHYSICAL_SECTOR_SIZE, PHYSICAL_SECTOR);
    item(4, MetadataItem.VIRTUAL_DISK_ID, DISK_ID);
    int32(metadata + PARAMETERS, geometry.blockBytes());
    int64(metadata + DISK_SIZE, geometry.diskBytes());
    int32(metadata + LOGICAL_SECTOR, geometry.sectorBytes());
    int32(metadata + PHYSICAL_SECTOR, 4096);
  }

  private void item(int index, MetadataItem item, int offset) {
    int at = itemEntry(index);
    guid(at, item.guid()).int32(at + 16, offset).int32(at + 20, item.lengthBytes());
    int32(at + 24, 0b100);
  }

  /** Where the entry of an item lies in the file. */
  int itemEntry(int index) {
    return metadata + 32 + 32 * index;
  }

  /** Where the metadata region lies. */
  int metadataAt() {
    return metadata;
  }

  /** Where the entry of a block lies in the file. */
  int entryAt(long block) {
    return (int) (bat + 8 * geometry.entry(block));
  }

  /** Puts random data into the file for a block, as far as the disk has it and the file is. */
  TestingVhdx block(long block, int position) {
    map(block, position);
    var data = new byte[(int) Math.min(geometry.bytesOf(block), file.limit() - position)];
    new Random(block).nextBytes(data);
    file.put(position, data);
    System.arraycopy(data, 0, disk, (int) (block * geometry.blockBytes()), data.length);
    return this;
  }

  /** Maps a block without touching its data. */
  TestingVhdx map(long block, long position) {
    return int64(entryAt(block), position | FULLY_PRESENT);
  }

  /** Gives a block another state than present. */
  TestingVhdx state(long block, int state) {
    return int64(entryAt(block), state);
  }

  /** Puts a log into the file and its GUID into the current header. */
  TestingVhdx log(TestingLog log) {
    guid((128 << 10) + 48, TestingLog.GUID);
    file.put(LOG, log.toBytes());
    return this;
  }

  TestingVhdx int8(int at, int value) {
    file.put(at, (byte) value);
    return this;
  }

  TestingVhdx int16(int at, int value) {
    file.putShort(at, (short) value);
    return this;
  }

  TestingVhdx int32(int at, long value) {
    file.putInt(at, (int) value);
    return this;
  }

  TestingVhdx int64(int at, long value) {
    file.putLong(at, value);
    return this;
  }

  TestingVhdx text(int at, String text) {
    file.put(at, text.getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  TestingVhdx guid(int at, UUID guid) {
    putGuid(file, at, guid);
    return this;
  }

  /** Makes the second region table the same as the first. */
  TestingVhdx sameRegions() {
    return copy(192 << 10, 256 << 10, 64 << 10);
  }

  /** Copies bytes of the file to another place in it. */
  TestingVhdx copy(int from, int to, int lengthBytes) {
    file.put(to, file.array(), from, lengthBytes);
    return this;
  }

  static void putGuid(ByteBuffer target, int at, UUID guid) {
    long first = guid.getMostSignificantBits();
    target.putInt(at, (int) (first >>> 32)).putShort(at + 4, (short) (first >>> 16));
    target.putShort(at + 6, (short) first);
    target.putLong(at + 8, Long.reverseBytes(guid.getLeastSignificantBits()));
  }

  /** Leaves the first region table as it is, so that it may be spoiled. */
  TestingVhdx withSpoiledRegions() {
    sealsRegions = false;
    return this;
  }

  /** The file, cut or made longer by zeros. */
  byte[] toBytes(int lengthBytes) {
    return Arrays.copyOf(toBytes(), lengthBytes);
  }

  /** The file with right checksums. */
  byte[] toBytes() {
    seal(64 << 10, 4096);
    seal(128 << 10, 4096);
    if (sealsRegions) {
      seal(192 << 10, 64 << 10);
    }
    seal(256 << 10, 64 << 10);
    return file.array().clone();
  }

  private void seal(int at, int lengthBytes) {
    var structure = file.slice(at, lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
    structure.putInt(4, Checksum.of(List.of(structure)));
  }

  /** What the disk holds. */
  byte[] disk() {
    return disk.clone();
  }
}
