package io.vitrine.format.mapped;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.mapped.Stored.Place;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Walks the stored ranges of a disk by their position in the file. A table is read when the walk
 * reaches it; by then, all ranges before the next table are known. A range before the table that
 * maps it can only come late. Memory is bounded: if too many ranges wait, the first are given
 * early.
 */
final class FileOrder {
  private static final int MAX_WAITING = 1 << 16;

  private final MappedDisk disk;
  private final PriorityQueue<Stored> waiting =
      new PriorityQueue<>(Comparator.comparingLong(FileOrder::position));
  private List<TableRange> tables = List.of();
  private int nextTable;
  private @Nullable ClaimedSpace space;

  /** The part of the current table whose ranges do not wait yet. */
  private long at;

  private long end;

  FileOrder(MappedDisk disk) {
    this.disk = disk;
  }

  Optional<Stored> next() throws IOException {
    var used = start();
    fill();
    var first = waiting.poll();
    if (first == null) {
      return Optional.empty();
    }
    var merged = first;
    while (merged.lengthBytes() < BlockSource.MAX_PIECE_BYTES
        && waiting.peek() != null
        && merged.isContinuedBy(waiting.peek())
        && merged.lengthBytes() + waiting.peek().lengthBytes() <= BlockSource.MAX_PIECE_BYTES) {
      merged = merged.and(waiting.remove());
    }
    if (!disk.hasCheckedTables()) {
      if (used.isLarge()) {
        disk.file().read(position(merged), 1, ByteOrder.BIG_ENDIAN);
      }
      claim(merged, used);
    }
    return Optional.of(merged);
  }

  /** The space that is used, at first by the metadata. */
  private ClaimedSpace start() throws IOException {
    if (space == null) {
      tables = disk.tables();
      space = disk.metadata().copy();
    }
    return space;
  }

  /** Reads tables until the first waiting range lies before the next table, or there are enough. */
  private void fill() throws IOException {
    while (waiting.size() < MAX_WAITING) {
      if (at < end) {
        take();
      } else if (nextTable == tables.size() || isBeforeNextTable()) {
        return;
      } else {
        var table = tables.get(nextTable++);
        at = table.offset();
        end = Math.min(table.offset() + table.lengthBytes(), disk.sizeBytes());
      }
    }
  }

  private boolean isBeforeNextTable() {
    var first = waiting.peek();
    return first != null && position(first) < tables.get(nextTable).position();
  }

  /** Moves the next range of the current table to those that wait, in pieces. */
  private void take() throws IOException {
    var range = disk.find(at);
    long to = Math.min(range.end(), end);
    switch (range.place()) {
      case Place.Plain plain -> {
        to = Math.min(to, at + BlockSource.MAX_PIECE_BYTES);
        waiting.add(
            new Stored(at, to - at, new Place.Plain(plain.position() + at - range.offset())));
      }
      case Place.Compressed compressed -> waiting.add(range);
      case Place.Zero zero -> {}
      case Place.Hole hole -> {}
    }
    at = to;
  }

  private static void claim(Stored range, ClaimedSpace space) throws IOException {
    switch (range.place()) {
      case Place.Plain plain -> space.claim("data", plain.position(), range.lengthBytes());
      case Place.Compressed(long position, int length) ->
          space.share("compressed data", position, length);
      case Place.Zero zero -> {}
      case Place.Hole hole -> {}
    }
  }

  private static long position(Stored range) {
    return switch (range.place()) {
      case Place.Plain plain -> plain.position();
      case Place.Compressed compressed -> compressed.position();
      case Place.Zero zero -> 0;
      case Place.Hole hole -> 0;
    };
  }
}
