package io.vitrine.format.qcow2;

import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.mapped.Stored.Place;
import io.vitrine.format.probe.Region;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * Follows the L2 tables of a stream as far as they lie ahead, to learn how long the file must be.
 * Tables are looked at in pieces, which are dropped at once. Entries that break the format count
 * for nothing here: they are for the reader of the disk to refuse.
 */
final class L2Walk {
  private static final int PIECE_BYTES = 64 << 10;

  private final L2Layout layout;

  /** Of L2 tables in the file, ascending; 0 is none. */
  private final long[] positions;

  /** The position of the table that maps the end of the disk; 0 if it is not known. */
  private final long lastTable;

  /** How much of the disk that table maps, in bytes. */
  private final long lastTableBytes;

  private int table;
  private int within;
  private Region piece;
  private long neededBytes;

  /**
   * Starts after the L1 table.
   *
   * @param header must be valid
   * @param l1 where all or the first entries were captured
   */
  L2Walk(Qcow2Header header, Region l1) {
    layout = header.layout();
    piece = new Region(l1.wanted(), 0);
    var entries = new L1Table(layout, header.l1Offset(), ByteBuffer.wrap(l1.captured()));
    positions = new long[entries.size()];
    Arrays.setAll(positions, index -> position(entries, index));
    lastTable = positions.length == header.l1SizeOfDisk() ? positions[positions.length - 1] : 0;
    lastTableBytes = (header.sizeBytes() - 1) % layout.spanBytes() + 1;
    Arrays.sort(positions);
    need(positions[positions.length - 1] + layout.clusterBytes());
  }

  private static long position(L1Table table, int index) {
    try {
      return table.l2Position(index);
    } catch (InvalidImageException malformed) {
      return 0;
    }
  }

  /** The length in bytes that the file must have, as far as is known. */
  long neededBytes() {
    return neededBytes;
  }

  /** Takes note of the piece that was captured, and names the next. */
  Optional<Region> next() {
    note();
    while (table < positions.length) {
      long from = positions[table] + within;
      if (from < piece.wanted() || within == layout.clusterBytes()) {
        table++;
        within = 0;
      } else {
        piece = new Region(from, Math.min(PIECE_BYTES, layout.clusterBytes() - within));
        return Optional.of(piece);
      }
    }
    return Optional.empty();
  }

  private void note() {
    var captured = piece.read(ByteOrder.BIG_ENDIAN);
    if (captured.hasRemaining()) {
      var part = new L2Table(layout, positions[table] + within, captured);
      long mapped = positions[table] == lastTable ? lastTableBytes : layout.spanBytes();
      long left = mapped - within / layout.entryBytes() * (long) layout.clusterBytes();
      for (int unit = 0; unit < part.units() && left > 0; unit++) {
        note(part, unit, (int) Math.min(left, layout.unitBytes()));
        left -= layout.unitBytes();
      }
      within += captured.limit();
    }
  }

  private void note(L2Table part, int unit, int lengthBytes) {
    try {
      switch (part.place(unit)) {
        case Place.Plain(long position) -> need(position + lengthBytes);
        // At least one byte of the last sector must be there.
        case Place.Compressed(long position, int length) ->
            need(Math.max(position, position + length - L2Table.SECTOR_BYTES) + 1);
        case Place.Zero zero -> {}
        case Place.Hole hole -> {}
      }
    } catch (InvalidImageException malformed) {
      // Its bytes may never be read.
    }
  }

  private void need(long bytes) {
    neededBytes = Math.max(neededBytes, bytes);
  }
}
