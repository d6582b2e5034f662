package io.vitrine.format.vmdk;

import static io.vitrine.format.vmdk.SparseHeader.SECTOR_BYTES;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.mapped.ClaimedSpace;
import io.vitrine.format.mapped.TableRange;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Where the grain tables are. */
final class GrainDirectory {
  /** More is not looked at for one read: 32 GiB with the usual grains. */
  private static final int MAX_RUN = 1024;

  /** Of more tables it is checked that the file has them before memory is spent on each. */
  private static final int MAX_UNCHECKED_TABLES = 1 << 16;

  private final SparseHeader header;

  /** The sector of each table; 0 for one that maps nothing. */
  private final int[] sectors;

  private GrainDirectory(SparseHeader header, int[] sectors) {
    this.header = header;
    this.sectors = sectors;
  }

  /**
   * Reads the directory; waits for the end of the file if only its footer tells where it is.
   *
   * @param header checked
   */
  static GrainDirectory read(ByteSource file, SparseHeader header) throws IOException {
    var effective = header.isDirectoryAtEnd() ? footer(file, header) : header;
    var sectors = new int[header.tables()];
    file.read(
            effective.directory() * SECTOR_BYTES,
            sectors.length * Integer.BYTES,
            ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer()
        .get(sectors);
    var directory = new GrainDirectory(effective, sectors);
    if (IntStream.of(sectors).filter(sector -> sector != 0).count() > MAX_UNCHECKED_TABLES) {
      directory.requireTables(file);
    }
    return directory;
  }

  /** Fails unless the file has the last table. */
  private void requireTables(ByteSource file) throws IOException {
    long last = IntStream.of(sectors).mapToLong(Integer::toUnsignedLong).max().orElse(0);
    file.read(last * SECTOR_BYTES, 1, ByteOrder.LITTLE_ENDIAN);
  }

  private static SparseHeader footer(ByteSource file, SparseHeader header) throws IOException {
    long sizeBytes = file.sizeBytes();
    int length = (int) Math.min(sizeBytes, SparseFooter.BYTES);
    var end = file.read(sizeBytes - length, length, ByteOrder.LITTLE_ENDIAN);
    var footer = SparseFooter.parse(header, end, sizeBytes);
    footer.check(sizeBytes - 2 * SECTOR_BYTES);
    return footer;
  }

  boolean has(int table) {
    return sectors[table] != 0;
  }

  /** The position of a table in the file, in bytes. */
  long position(int table) {
    return Integer.toUnsignedLong(sectors[table]) * SECTOR_BYTES;
  }

  /** The end of the run of tables from this one on that are all there, or all not. */
  int endOfRun(int table) {
    int end = table + 1;
    while (end < Math.min(sectors.length, table + MAX_RUN) && has(end) == has(table)) {
      end++;
    }
    return end;
  }

  /** What header, descriptor, directory and tables take, so that nothing is used twice. */
  ClaimedSpace metadata() throws IOException {
    var space = new ClaimedSpace(SECTOR_BYTES);
    space.claim("the header and descriptor", 0, (1 + header.descriptorSectors()) * SECTOR_BYTES);
    space.claim(
        "the grain directory",
        header.directory() * SECTOR_BYTES,
        (long) sectors.length * Integer.BYTES);
    for (int table = 0; table < sectors.length; table++) {
      if (has(table)) {
        space.claim(
            "grain table " + table,
            position(table),
            (long) header.entriesOf(table) * Integer.BYTES);
      }
    }
    return space;
  }

  /** The parts of the disk by the positions of their tables; those without any come first. */
  List<TableRange> ranges() {
    var ranges = new ArrayList<TableRange>();
    long tableBytes = (long) header.tableEntries() * header.grainBytes();
    for (int table = 0; table < sectors.length; ) {
      int end = has(table) ? table + 1 : endOfRun(table);
      ranges.add(new TableRange(position(table), table * tableBytes, (end - table) * tableBytes));
      table = end;
    }
    ranges.sort(Comparator.comparingLong(TableRange::position));
    return ranges;
  }
}
