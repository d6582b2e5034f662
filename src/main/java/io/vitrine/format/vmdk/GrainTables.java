package io.vitrine.format.vmdk;

import static io.vitrine.format.vmdk.SparseHeader.SECTOR_BYTES;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.mapped.Stored;
import io.vitrine.format.mapped.Stored.Place;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds grains by the tables of the file; keeps those tables that were used last. */
final class GrainTables {
  private static final int MAX_KEPT = 64;

  private final ByteSource file;
  private final SparseHeader header;
  private @Nullable GrainDirectory directory;

  /** By the order of use. */
  private final Map<Integer, int[]> kept = new LinkedHashMap<>(16, 0.75f, true);

  GrainTables(ByteSource file, SparseHeader header) {
    this.file = file;
    this.header = header;
  }

  /** The grain directory, which is read when it is first needed. */
  synchronized GrainDirectory directory() throws IOException {
    if (directory == null) {
      directory = GrainDirectory.read(file, header);
    }
    return directory;
  }

  /** The entries of a table; empty if it is not there. Not to be changed. */
  int[] table(int index) throws IOException {
    if (!directory().has(index)) {
      return new int[0];
    }
    synchronized (kept) {
      var known = kept.get(index);
      if (known != null) {
        return known;
      }
    }
    var entries = new int[header.entriesOf(index)];
    file.read(directory().position(index), entries.length * Integer.BYTES, ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer()
        .get(entries);
    keep(index, entries);
    return entries;
  }

  private void keep(int index, int[] entries) {
    synchronized (kept) {
      kept.put(index, entries);
      if (kept.size() > MAX_KEPT) {
        kept.remove(kept.keySet().iterator().next());
      }
    }
  }

  /** The range that begins with a grain and is stored in one way, at most to its table's end. */
  Stored find(long grain) throws IOException {
    int table = (int) (grain / header.tableEntries());
    int at = (int) (grain % header.tableEntries());
    var entries = table(table);
    if (entries.length == 0) {
      long end = (long) directory().endOfRun(table) * header.tableEntries();
      return range(grain, end - grain, Stored.HOLE);
    }
    if (header.isEmpty(entries[at])) {
      return range(grain, run(entries, at, 0), entries[at] == 0 ? Stored.HOLE : Stored.ZERO);
    }
    requireOutsideMetadata(grain, entries[at]);
    long position = Integer.toUnsignedLong(entries[at]) * SECTOR_BYTES;
    return header.isCompressed()
        ? compressed(grain, position)
        : range(grain, run(entries, at, header.grainSectors()), new Place.Plain(position));
  }

  /** The number of entries from one on that differ from the one before by the step. */
  private static int run(int[] entries, int at, long step) {
    int end = at + 1;
    while (end < entries.length
        && Integer.toUnsignedLong(entries[end])
            == Integer.toUnsignedLong(entries[at]) + (end - at) * step) {
      end++;
    }
    return end - at;
  }

  private void requireOutsideMetadata(long grain, int entry) throws IOException {
    long sector = Integer.toUnsignedLong(entry);
    if (sector < header.overhead()) {
      throw entryFault(grain, "sector %d lies in the metadata".formatted(sector));
    }
  }

  /** Refuses the entry of a grain. */
  InvalidImageException entryFault(long grain, String fault) throws IOException {
    long table = directory().position((int) (grain / header.tableEntries()));
    long at = table + grain % header.tableEntries() * Integer.BYTES;
    return InvalidImageException.inField("entry of grain " + grain, at, fault);
  }

  /**
   * A compressed grain, of which only its marker tells the length. The sector of the marker stands
   * for all of it.
   */
  Stored compressed(long grain, long position) {
    return range(grain, 1, new Place.Compressed(position, SECTOR_BYTES));
  }

  private Stored range(long grain, long count, Place place) {
    long offset = grain * header.grainBytes();
    return new Stored(
        offset, Math.min(count * header.grainBytes(), header.sizeBytes() - offset), place);
  }
}
