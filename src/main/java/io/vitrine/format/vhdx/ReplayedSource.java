package io.vitrine.format.vhdx;

import io.vitrine.format.block.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A file as its log leaves it: what the log writes is kept in memory, the rest is in the file. Safe
 * for concurrent use once everything is written.
 */
final class ReplayedSource implements ByteSource {
  private static final int SECTOR_BYTES = LogRing.SECTOR_BYTES;

  private final ByteSource file;

  /** Written sectors by position. They hide zeros, which never come later. */
  private final NavigableMap<Long, ByteBuffer> sectors = new TreeMap<>();

  /** Ranges of zeros that neither overlap nor touch: the end of each by its start. */
  private final NavigableMap<Long, Long> zeros = new TreeMap<>();

  /** Changes nothing yet; closes the file when closed. */
  ReplayedSource(ByteSource file) {
    this.file = file;
  }

  /** Replaces a sector. */
  void write(long position, ByteBuffer sector) {
    sectors.put(position, sector);
  }

  /** Replaces whole sectors by zeros. */
  void zero(long position, long lengthBytes) {
    long start = position;
    long end = position + lengthBytes;
    sectors.subMap(start, end).clear();
    var before = zeros.floorEntry(start);
    if (before != null && before.getValue() >= start) {
      start = before.getKey();
    }
    var overlapped = zeros.subMap(start, true, end, true);
    if (!overlapped.isEmpty()) {
      end = Math.max(end, overlapped.lastEntry().getValue());
      overlapped.clear();
    }
    zeros.put(start, end);
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    int limit = target.limit();
    for (long at = offset; target.hasRemaining(); ) {
      int count = (int) Math.min(partEnd(at) - at, target.remaining());
      target.limit(target.position() + count);
      readPart(at, target);
      target.limit(limit);
      at += count;
    }
  }

  /** Where the part ends that comes from the same place as the byte at the position. */
  private long partEnd(long at) {
    long sector = at - at % SECTOR_BYTES;
    if (sectors.containsKey(sector)) {
      return sector + SECTOR_BYTES;
    }
    long zeroEnd = zeroEnd(at);
    return Math.min(next(sectors, at), zeroEnd > at ? zeroEnd : next(zeros, at));
  }

  private void readPart(long at, ByteBuffer target) throws IOException {
    int inSector = (int) (at % SECTOR_BYTES);
    var written = sectors.get(at - inSector);
    if (written != null) {
      target.put(written.slice(inSector, target.remaining()));
    } else if (zeroEnd(at) > at) {
      target.put(new byte[target.remaining()]);
    } else {
      file.read(at, target);
    }
  }

  /** The end of the last range of zeros that does not begin after the position. */
  private long zeroEnd(long at) {
    var range = zeros.floorEntry(at);
    return range == null ? 0 : range.getValue();
  }

  private static long next(NavigableMap<Long, ?> parts, long at) {
    var next = parts.higherKey(at);
    return next == null ? Long.MAX_VALUE : next;
  }

  @Override
  public long sizeBytes() throws IOException {
    long size = file.sizeBytes();
    if (!sectors.isEmpty()) {
      size = Math.max(size, sectors.lastKey() + SECTOR_BYTES);
    }
    return zeros.isEmpty() ? size : Math.max(size, zeros.lastEntry().getValue());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
