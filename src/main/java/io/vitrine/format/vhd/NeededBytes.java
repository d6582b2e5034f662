package io.vitrine.format.vhd;

import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.mapped.BlockTable;
import io.vitrine.format.probe.Region;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * How long a dynamic VHD must be, by its tables as they pass in a stream. It keeps one part of the
 * table at a time. A header that cannot be read, or tables that lie backwards, end the search: what
 * is known by then holds.
 */
final class NeededBytes {
  private static final int PART_ENTRIES = 16 << 10;

  private final VhdFooter footer;
  private final Region head;
  private Region awaited;
  private Optional<VhdDynamicHeader> header = Optional.empty();
  private int entries;
  private int firstEntry;
  private long neededBytes;

  /** Begins after the head with its footer. */
  NeededBytes(Region head, VhdFooter footer) {
    this.head = head;
    this.footer = footer;
    awaited = head;
  }

  /** What is known so far. */
  long get() {
    return neededBytes;
  }

  /** The next region to capture after the one before was. */
  List<Region> next() {
    if (awaited == head) {
      return await(footer.headerPosition(), VhdDynamicHeader.LENGTH_BYTES);
    }
    if (header.isEmpty()) {
      readHeader();
    } else {
      readEntries(header.get());
    }
    return header.map(this::awaitEntries).orElse(List.of());
  }

  private List<Region> await(long position, int lengthBytes) {
    if (position < awaited.wanted() || position > Long.MAX_VALUE - lengthBytes) {
      return List.of();
    }
    neededBytes = Math.max(neededBytes, position + lengthBytes);
    awaited = new Region(position, lengthBytes);
    return List.of(awaited);
  }

  private void readHeader() {
    try {
      var found =
          VhdDynamicHeader.parse(awaited.read(ByteOrder.BIG_ENDIAN), footer.headerPosition());
      entries = found.usedEntries(footer.diskBytes());
      long end = found.tablePosition() + (long) entries * BlockTable.ENTRY_BYTES;
      neededBytes = Math.max(neededBytes, end);
      header = Optional.of(found);
    } catch (InvalidImageException unreadable) {
      header = Optional.empty();
    }
  }

  private List<Region> awaitEntries(VhdDynamicHeader found) {
    int count = Math.min(PART_ENTRIES, entries - firstEntry);
    long position = found.tablePosition() + (long) firstEntry * BlockTable.ENTRY_BYTES;
    return count == 0 ? List.of() : await(position, count * BlockTable.ENTRY_BYTES);
  }

  /** Only what the disk has of the last block is needed. */
  private void readEntries(VhdDynamicHeader found) {
    var part = awaited.read(ByteOrder.BIG_ENDIAN).asIntBuffer();
    for (int block = firstEntry; part.hasRemaining(); block++) {
      int entry = part.get();
      if (entry != VhdDynamicHeader.HOLE) {
        long used = Math.min(found.blockBytes(), footer.diskBytes() - block * found.blockBytes());
        long end = VhdDynamicHeader.positionOf(entry) + found.bitmapBytes() + used;
        neededBytes = Math.max(neededBytes, end);
      }
    }
    firstEntry = Math.min(firstEntry + PART_ENTRIES, entries);
  }
}
