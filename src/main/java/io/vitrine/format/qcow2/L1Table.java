package io.vitrine.format.qcow2;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.mapped.ClaimedSpace;
import io.vitrine.format.mapped.TableRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;

/**
 * The table that tells where the L2 tables are, as far as it maps the disk.
 *
 * @param position in the file
 */
record L1Table(L2Layout layout, long position, ByteBuffer entries) {
  private static final long RESERVED = 0x7f00_0000_0000_01ffL;
  private static final long OFFSET = 0x00ff_ffff_ffff_fe00L;

  private static final int MAX_TABLES = (int) (Qcow2HeaderRules.MAX_L1_BYTES / Long.BYTES);

  /** More tables are checked against the length of the file before memory is spent on them. */
  private static final int MAX_UNCHECKED_TABLES = 1 << 16;

  /** Reads the table; the header must be valid. */
  static L1Table read(ByteSource file, Qcow2Header header) throws IOException {
    int length = (int) (header.l1SizeOfDisk() * Long.BYTES);
    long position = length == 0 ? 0 : header.l1Offset();
    return new L1Table(
        header.layout(), position, file.read(position, length, ByteOrder.BIG_ENDIAN));
  }

  /** How many entries there are. */
  int size() {
    return entries.limit() / Long.BYTES;
  }

  /** The position of an L2 table in the file; 0 if there is none. */
  long l2Position(int index) throws InvalidImageException {
    long entry = entries.getLong(index * Long.BYTES);
    long host = entry & OFFSET;
    if ((entry & RESERVED) != 0 || host % layout.clusterBytes() != 0) {
      throw InvalidImageException.inField(
          "L1 entry",
          position + (long) index * Long.BYTES,
          "%#x has reserved bits or is no multiple of the cluster size".formatted(entry));
    }
    return host;
  }

  /** Claims all L2 tables; fails if one is used twice. */
  void claimTables(ClaimedSpace space, ByteSource file) throws IOException {
    int tables = 0;
    for (int index = 0; index < size(); index++) {
      long table = l2Position(index);
      if (table == 0) {
        continue;
      }
      tables++;
      if (tables > MAX_UNCHECKED_TABLES && table > file.sizeBytes() - layout.clusterBytes()) {
        throw InvalidImageException.cutOff(table + layout.clusterBytes(), file.sizeBytes());
      }
      space.claim("the L2 table", table, layout.clusterBytes());
    }
  }

  /**
   * The L2 tables, all claimed, by their position in the file. They are made of 8 bytes each when
   * they are asked for: there may be {@link #MAX_TABLES}.
   */
  List<TableRange> tables() throws InvalidImageException {
    int count = 0;
    var places = new long[size()];
    for (int index = 0; index < size(); index++) {
      long table = l2Position(index);
      if (table != 0) {
        // Of what is claimed the number of the unit has less than 32 bits.
        places[count++] = table / layout.unitBytes() * MAX_TABLES + index;
      }
    }
    Arrays.sort(places, 0, count);
    return new SortedTables(layout, places, count);
  }

  /** Tables by their positions, in units, and the indices of their entries. */
  private static final class SortedTables extends AbstractList<TableRange> {
    private final L2Layout layout;
    private final long[] places;
    private final int count;

    SortedTables(L2Layout layout, long[] places, int count) {
      this.layout = layout;
      this.places = places;
      this.count = count;
    }

    @Override
    public TableRange get(int number) {
      long position = places[number] / MAX_TABLES * layout.unitBytes();
      long index = places[number] % MAX_TABLES;
      return new TableRange(position, index * layout.spanBytes(), layout.spanBytes());
    }

    @Override
    public int size() {
      return count;
    }
  }
}
