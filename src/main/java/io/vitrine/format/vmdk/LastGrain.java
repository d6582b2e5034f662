package io.vitrine.format.vmdk;

import static io.vitrine.format.vmdk.SparseHeader.SECTOR_BYTES;

import io.vitrine.format.probe.Region;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Finds, in the one pass of an upload, how long an extent must be: to the end of the grain that
 * lies last. The grain directory and then the tables are captured one after the other. A table that
 * lies before what was already captured is left out; of very many tables all are. It needs up to 12
 * bytes for each table, at most 1.5 MiB.
 */
final class LastGrain {
  /** The tables of a disk of 4 TiB with the usual grains of 64 KiB. */
  private static final int MAX_TABLES = 1 << 17;

  private enum Step {
    DIRECTORY,
    TABLES,
    MARKER,
    DONE
  }

  private final SparseHeader header;
  private Step step = Step.DIRECTORY;
  private Region awaited;
  private long neededBytes;

  /** The tables by their position in the file: the sector, and the number in the low bits. */
  private long[] tables = {};

  private int at;

  /** Where the compressed grain starts that lies last. */
  private long lastSector;

  /**
   * Begins behind what was captured before.
   *
   * @param header checked, whose directory is not at the end
   */
  LastGrain(SparseHeader header, long from) {
    this.header = header;
    long directory = header.directory() * SECTOR_BYTES;
    awaited = new Region(directory, header.tables() * Integer.BYTES);
    neededBytes = directory + (long) header.tables() * Integer.BYTES;
    if (directory < from || header.tables() > MAX_TABLES) {
      step = Step.DONE;
    }
  }

  /** The least length of the file, as far as it is known, in bytes. */
  long neededBytes() {
    return neededBytes;
  }

  /** The next region to capture; empty once the end of the last grain is known. */
  List<Region> next() {
    if (step != Step.DONE && awaited.isComplete()) {
      var captured = awaited.read(ByteOrder.LITTLE_ENDIAN);
      switch (step) {
        case DIRECTORY -> takeDirectory(captured.asIntBuffer());
        case TABLES -> takeTable((int) (tables[at++] % MAX_TABLES), captured.asIntBuffer());
        case MARKER -> takeMarker(captured.getInt(Marker.SIZE_AT));
        case DONE -> {}
      }
      advance();
    }
    return step == Step.DONE ? List.of() : List.of(awaited);
  }

  private void takeDirectory(IntBuffer sectors) {
    tables = new long[header.tables()];
    int count = 0;
    for (int table = 0; table < header.tables(); table++) {
      long sector = Integer.toUnsignedLong(sectors.get(table));
      if (sector != 0) {
        tables[count++] = sector * MAX_TABLES + table;
        need(sector, (long) header.entriesOf(table) * Integer.BYTES);
      }
    }
    tables = Arrays.copyOf(tables, count);
    Arrays.sort(tables);
    step = Step.TABLES;
  }

  private void takeTable(int table, IntBuffer entries) {
    long grain = (long) table * header.tableEntries();
    for (; entries.hasRemaining(); grain++) {
      int entry = entries.get();
      if (!header.isEmpty(entry)) {
        long sector = Integer.toUnsignedLong(entry);
        lastSector = Math.max(lastSector, sector);
        need(sector, header.isCompressed() ? Marker.DATA_AT : plainBytes(grain));
      }
    }
  }

  /** What lies past the end of the disk may be missing. */
  private long plainBytes(long grain) {
    return Math.min(header.grainBytes(), header.sizeBytes() - grain * header.grainBytes());
  }

  private void takeMarker(int sizeBytes) {
    need(lastSector, Marker.DATA_AT + Math.clamp(sizeBytes, 0, 2 * header.grainBytes()));
    step = Step.DONE;
  }

  private void need(long sector, long lengthBytes) {
    neededBytes = Math.max(neededBytes, sector * SECTOR_BYTES + lengthBytes);
  }

  /** Chooses the next region after the last one. */
  private void advance() {
    long from = awaited.wanted();
    while (step == Step.TABLES && at < tables.length && sectorOf(at) * SECTOR_BYTES < from) {
      at++;
    }
    if (step == Step.TABLES && at < tables.length) {
      int table = (int) (tables[at] % MAX_TABLES);
      awaited = new Region(sectorOf(at) * SECTOR_BYTES, header.entriesOf(table) * Integer.BYTES);
    } else if (step == Step.TABLES && header.isCompressed() && lastSector * SECTOR_BYTES >= from) {
      awaited = new Region(lastSector * SECTOR_BYTES, Marker.DATA_AT);
      step = Step.MARKER;
    } else {
      step = Step.DONE;
    }
  }

  private long sectorOf(int index) {
    return tables[index] / MAX_TABLES;
  }
}
