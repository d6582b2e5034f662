package io.vitrine.format.mapped;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A table of the file with an entry of 32 bits for each block of the disk. It is kept in memory, so
 * that all of it can be checked before the first block is read.
 */
public final class BlockTable {
  /** The most entries of a table: they take 16 MiB, and map 4 TiB in blocks of 1 MiB. */
  public static final int MAX_ENTRIES = 4 << 20;

  /** The length of an entry. */
  public static final int ENTRY_BYTES = Integer.BYTES;

  private static final int PART_ENTRIES = 16 << 10;

  private final long position;
  private final int[] entries;

  private BlockTable(long position, int[] entries) {
    this.position = position;
    this.entries = entries;
  }

  /**
   * The number of entries that map a disk.
   *
   * @param diskBytes not negative
   * @param blockBytes positive
   * @throws InvalidImageException if there are more than {@link #MAX_ENTRIES}
   */
  public static int entriesOf(long diskBytes, long blockBytes) throws InvalidImageException {
    long count = Math.ceilDiv(diskBytes, blockBytes);
    if (count > MAX_ENTRIES) {
      throw new InvalidImageException(
          "has %d blocks of %d bytes; at most %d blocks are supported"
              .formatted(count, blockBytes, MAX_ENTRIES));
    }
    return (int) count;
  }

  /** Reads a table part by part; blocks until the file has come to its end. */
  public static BlockTable read(ByteSource file, long position, int count, ByteOrder order)
      throws IOException {
    var entries = new int[count];
    for (int first = 0; first < count; first += PART_ENTRIES) {
      int length = Math.min(PART_ENTRIES, count - first);
      file.read(position + (long) first * ENTRY_BYTES, length * ENTRY_BYTES, order)
          .asIntBuffer()
          .get(entries, first, length);
    }
    return new BlockTable(position, entries);
  }

  /** The number of entries. */
  public int size() {
    return entries.length;
  }

  /** The entry of a block, unsigned. */
  public int entry(int block) {
    return entries[block];
  }

  /**
   * A block whose entry is less than a distance above that of another block, if there is one.
   *
   * @param isStored picks the entries that tell a place
   */
  public OptionalInt findOverlap(IntPredicate isStored, long distance) {
    // With the first bit turned, signed numbers are in the order of unsigned ones.
    int[] sorted =
        Arrays.stream(entries)
            .filter(isStored)
            .map(entry -> entry ^ Integer.MIN_VALUE)
            .sorted()
            .toArray();
    for (int i = 1; i < sorted.length; i++) {
      if ((long) sorted[i] - sorted[i - 1] < distance) {
        int found = sorted[i] ^ Integer.MIN_VALUE;
        return IntStream.range(0, size()).filter(block -> entries[block] == found).findFirst();
      }
    }
    return OptionalInt.empty();
  }

  /** Where the entry of a block lies in the file. */
  public long positionOf(int block) {
    return position + (long) block * ENTRY_BYTES;
  }

  /** The parts of the disk that parts of the table map. */
  public List<TableRange> ranges(long blockBytes) {
    return IntStream.range(0, Math.ceilDiv(entries.length, PART_ENTRIES))
        .mapToObj(
            part -> {
              int first = part * PART_ENTRIES;
              int count = Math.min(PART_ENTRIES, entries.length - first);
              return new TableRange(positionOf(first), first * blockBytes, count * blockBytes);
            })
        .toList();
  }
}
