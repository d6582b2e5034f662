package io.vitrine.format.vhdx;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.mapped.Stored.Place;
import io.vitrine.format.mapped.TableRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The block allocation table (MS-VHDX 2.5), up to 512 MiB long, of which the pages used last are
 * kept. Sector bitmaps matter only to disks with a parent; QEMU leaves garbage in their entries.
 * Safe for concurrent use.
 */
final class BlockTable {
  private static final int PAGE_BYTES = 64 << 10;
  private static final int MAX_PAGES = 64;
  private static final long BLOCKS_PER_RANGE = 4096;

  private final ByteSource file;
  private final long position;
  private final DiskGeometry geometry;
  private final SequencedMap<Long, ByteBuffer> pages = new LinkedHashMap<>(MAX_PAGES, 0.75f, true);

  private BlockTable(ByteSource file, long position, DiskGeometry geometry) {
    this.file = file;
    this.position = position;
    this.geometry = geometry;
  }

  /** The table in a region, which must be large enough for the disk. */
  static BlockTable in(FileRegion region, ByteSource file, DiskGeometry geometry)
      throws InvalidImageException {
    long neededBytes = geometry.entries() * DiskGeometry.ENTRY_BYTES;
    if (region.lengthBytes() < neededBytes) {
      throw new InvalidImageException(
          "is corrupt: the BAT at offset %d has %d bytes, the disk needs %d"
              .formatted(region.position(), region.lengthBytes(), neededBytes));
    }
    return new BlockTable(file, region.position(), geometry);
  }

  /** Where a block of the disk is. */
  Place place(long block) throws IOException {
    long at = geometry.entry(block) * DiskGeometry.ENTRY_BYTES;
    long value = page(at / PAGE_BYTES).getLong((int) (at % PAGE_BYTES));
    return new BatEntry(value).place(position + at, geometry);
  }

  /** The parts of the table, each with the part of the disk that it maps. */
  List<TableRange> ranges() {
    var ranges = new ArrayList<TableRange>();
    for (long block = 0; block < geometry.blocks(); block += BLOCKS_PER_RANGE) {
      long at = geometry.entry(block) * DiskGeometry.ENTRY_BYTES;
      long count = Math.min(BLOCKS_PER_RANGE, geometry.blocks() - block);
      long blockBytes = geometry.blockBytes();
      ranges.add(new TableRange(position + at, block * blockBytes, count * blockBytes));
    }
    return ranges;
  }

  private ByteBuffer page(long index) throws IOException {
    synchronized (pages) {
      var page = pages.get(index);
      if (page != null) {
        return page;
      }
    }
    // Reading may wait for the file to arrive, which must not stop those who need other pages.
    var page = read(index);
    synchronized (pages) {
      pages.put(index, page);
      if (pages.size() > MAX_PAGES) {
        pages.pollFirstEntry();
      }
    }
    return page;
  }

  private ByteBuffer read(long index) throws IOException {
    long at = index * PAGE_BYTES;
    long left = geometry.entries() * DiskGeometry.ENTRY_BYTES - at;
    return file.read(position + at, (int) Math.min(PAGE_BYTES, left), ByteOrder.LITTLE_ENDIAN);
  }
}
