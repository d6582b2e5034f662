package io.vitrine.format.vmdk;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.Deflater;

/**
 * An image made by hand, of grains of 1 KiB and tables of 4 entries, so that little data needs many
 * of them. A test may then spoil its bytes.
 */
final class TestingVmdk {
  /** Where tables are, and how grains are stored. */
  enum Layout {
    /** Tables first. */
    MONOLITHIC,
    /** Compressed grains, tables first: as qemu writes it. */
    STREAM,
    /** Compressed grains, tables and a footer last: as VMware writes it. */
    FOOTER
  }

  static final int SECTOR = 512;
  static final int GRAIN = 1024;
  static final int ENTRIES = 4;
  static final int DESCRIPTOR = 512;

  private static final int IMAGE_BYTES = 1 << 20;

  private final Layout layout;
  private final int capacity;
  private final int grains;
  private final int[] entries;
  private final byte[] disk;
  private final ByteBuffer image = ByteBuffer.allocate(IMAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final Map<Integer, Integer> tableAt = new HashMap<>();
  private final List<Integer> order = new ArrayList<>();
  private int directoryAt;
  private int end;

  /** A disk of this many sectors that has these grains, stored in the order given. */
  TestingVmdk(Layout layout, int capacity, Integer... stored) {
    this.layout = layout;
    this.capacity = capacity;
    grains = Math.ceilDiv(capacity * SECTOR, GRAIN);
    entries = new int[grains];
    disk = new byte[capacity * SECTOR];
    order.addAll(List.of(stored));
    build();
  }

  private void build() {
    descriptor(layout == Layout.MONOLITHIC ? "monolithicSparse" : "streamOptimized");
    end = 3 * SECTOR;
    if (layout == Layout.FOOTER) {
      header(0, -1);
      order.forEach(this::store);
      placeTables();
      int footer = end + SECTOR;
      marker(Marker.FOOTER, 1);
      header(footer, directoryAt / SECTOR);
      end += SECTOR;
      marker(Marker.END_OF_STREAM, 0);
    } else {
      placeTables();
      int overhead = end / SECTOR;
      header(0, directoryAt / SECTOR);
      int64(64, overhead);
      order.forEach(this::store);
    }
    fillTables();
  }

  private void descriptor(String createType) {
    text(
        DESCRIPTOR,
        """
        # Disk DescriptorFile
        version=1
        CID=9faadee1
        parentCID=ffffffff
        createType="%s"

        RW %d SPARSE "disk.vmdk"

        ddb.adapterType = "ide"
        """
            .formatted(createType, capacity));
  }

  private void header(int at, long directory) {
    int flags = layout == Layout.MONOLITHIC ? 7 : 0x30005;
    text(at, "KDMV").int32(at + 4, 3).int32(at + 8, flags).int64(at + 12, capacity);
    int64(at + 20, GRAIN / SECTOR).int64(at + 28, 1).int64(at + 36, 2).int32(at + 44, ENTRIES);
    int64(at + 56, directory).int64(at + 64, 3).text(at + 73, "\n \r\n");
    int8(at + 77, layout == Layout.MONOLITHIC ? 0 : 1);
  }

  private void store(int grain) {
    var data = new byte[GRAIN];
    new Random(grain).nextBytes(data);
    Arrays.fill(data, 0, GRAIN / 2, (byte) (grain + 1));
    int length = Math.min(GRAIN, disk.length - grain * GRAIN);
    System.arraycopy(data, 0, disk, grain * GRAIN, length);
    entries[grain] = end / SECTOR;
    if (layout == Layout.MONOLITHIC) {
      image.put(end, data, 0, length);
      end += GRAIN;
    } else {
      var compressed = deflate(Arrays.copyOf(data, length));
      int64(end, (long) grain * GRAIN / SECTOR).int32(end + 8, compressed.length);
      image.put(end + 12, compressed);
      end += Math.ceilDiv(12 + compressed.length, SECTOR) * SECTOR;
    }
  }

  static byte[] deflate(byte[] data) {
    try (var deflater = new Deflater()) {
      deflater.setInput(data);
      deflater.finish();
      var bytes = new ByteArrayOutputStream();
      var buffer = new byte[4096];
      while (!deflater.finished()) {
        bytes.write(buffer, 0, deflater.deflate(buffer));
      }
      return bytes.toByteArray();
    }
  }

  /** Tables without grains are left out. */
  private void placeTables() {
    if (layout != Layout.FOOTER) {
      placeDirectory();
    }
    order.stream()
        .map(grain -> grain / ENTRIES)
        .distinct()
        .sorted()
        .forEach(
            table -> {
              announce(Marker.GRAIN_TABLE);
              tableAt.put(table, end);
              end += SECTOR;
            });
    if (layout == Layout.FOOTER) {
      placeDirectory();
    }
  }

  private void placeDirectory() {
    announce(Marker.GRAIN_DIRECTORY);
    directoryAt = end;
    end += SECTOR;
  }

  private void announce(int type) {
    if (layout == Layout.FOOTER) {
      marker(type, 1);
    }
  }

  private void marker(int type, int sectors) {
    int64(end, sectors).int32(end + 12, type);
    end += SECTOR;
  }

  private void fillTables() {
    tableAt.forEach((table, at) -> int32(directoryAt + 4 * table, at / SECTOR));
    for (int grain = 0; grain < grains; grain++) {
      if (entries[grain] != 0) {
        entry(grain, entries[grain]);
      }
    }
  }

  /** Sets the entry of a grain, whose table must be there. */
  TestingVmdk entry(int grain, long sector) {
    return int32(entryAt(grain), sector);
  }

  int entryAt(int grain) {
    return tableAt(grain / ENTRIES) + grain % ENTRIES * 4;
  }

  int tableAt(int table) {
    return tableAt.getOrDefault(table, 0);
  }

  int directoryAt() {
    return directoryAt;
  }

  /** Where a stored grain begins. */
  int grainAt(int grain) {
    return entries[grain] * SECTOR;
  }

  int footerAt() {
    return end - 2 * SECTOR;
  }

  /** The content of the disk. */
  byte[] disk() {
    return disk;
  }

  byte[] toBytes() {
    return Arrays.copyOf(image.array(), end);
  }

  /** Replaces part of the descriptor by text of any length. */
  TestingVmdk describe(String sound, String replacement) {
    var old =
        StandardCharsets.ISO_8859_1
            .decode(image.slice(DESCRIPTOR, 2 * SECTOR))
            .toString()
            .replace("\0", "");
    image.put(DESCRIPTOR, new byte[2 * SECTOR]);
    return text(DESCRIPTOR, old.replace(sound, replacement));
  }

  TestingVmdk int8(int at, int value) {
    image.put(at, (byte) value);
    return this;
  }

  TestingVmdk int32(int at, long value) {
    image.putInt(at, (int) value);
    return this;
  }

  TestingVmdk int64(int at, long value) {
    image.putLong(at, value);
    return this;
  }

  TestingVmdk text(int at, String text) {
    image.put(at, text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }
}
