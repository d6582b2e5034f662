package io.vitrine.format.mapped;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.Extent;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.block.Zeros;
import io.vitrine.format.mapped.Stored.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A disk whose file maps it range by range. Subclasses tell where a range is. */
public abstract class MappedDisk implements BlockSource {
  /** Extents are merged up to this length: longer ones would wait for all tables of the disk. */
  private static final int MAX_MERGED_BYTES = 64 << 20;

  private final ByteSource file;
  private final long sizeBytes;
  private final int unitBytes;
  private final InflatedRange inflated = new InflatedRange();

  /**
   * Maps a disk.
   *
   * @param file closed with the disk
   * @param unitBytes see {@link BlockSource#unitBytes}
   */
  protected MappedDisk(ByteSource file, long sizeBytes, int unitBytes) {
    this.file = file;
    this.sizeBytes = sizeBytes;
    this.unitBytes = unitBytes;
  }

  /** The image file. */
  protected final ByteSource file() {
    return file;
  }

  /**
   * The range that is stored in one way and has the byte at the offset. Its place must be checked:
   * a position is neither negative nor impossible for the format. Called by several threads.
   */
  protected abstract Stored find(long offset) throws IOException;

  /**
   * The tables that map the disk, by their position in the file, which together cover the disk.
   * Each should map a bounded number of ranges.
   */
  protected abstract List<TableRange> tables() throws IOException;

  /** The space of the file that its header and tables take. */
  protected abstract ClaimedSpace metadata() throws IOException;

  /**
   * Whether opening the disk has checked all its tables, so that no two ranges can share a place
   * and none needs to be claimed.
   */
  protected boolean hasCheckedTables() {
    return false;
  }

  /**
   * Inflates a compressed range into the buffer, which has room for exactly its length. Formats
   * without compression need not have it. Called by several threads.
   */
  protected void inflate(Stored range, Place.Compressed place, ByteBuffer target)
      throws IOException {
    throw new IllegalStateException("this format has no compressed ranges");
  }

  @Override
  public final long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public final int unitBytes() {
    return unitBytes;
  }

  @Override
  public final void read(long offset, ByteBuffer target) throws IOException {
    Objects.checkFromIndexSize(offset, target.remaining(), sizeBytes);
    int limit = target.limit();
    for (long at = offset; target.hasRemaining(); ) {
      var range = find(at);
      int count = (int) Math.min(range.end() - at, target.remaining());
      target.limit(target.position() + count);
      readPart(range, at, target);
      target.limit(limit);
      at += count;
    }
  }

  /** Fills the buffer from within one range. */
  private void readPart(Stored range, long at, ByteBuffer target) throws IOException {
    switch (range.place()) {
      case Place.Plain plain -> file.read(range.positionOf(plain, at), target);
      case Place.Compressed compressed -> {
        if (at == range.offset() && target.remaining() == range.lengthBytes()) {
          inflate(range, compressed, target);
        } else {
          readInflated(range, compressed, at, target);
        }
      }
      case Place.Zero zero -> Zeros.fill(target);
      case Place.Hole hole -> Zeros.fill(target);
    }
  }

  private void readInflated(Stored range, Place.Compressed compressed, long at, ByteBuffer target)
      throws IOException {
    var whole = inflated.get(range, into -> inflate(range, compressed, into));
    target.put(whole.slice((int) (at - range.offset()), target.remaining()));
  }

  @Override
  public final Extents extents(long offset, long lengthBytes) {
    Objects.checkFromIndexSize(offset, lengthBytes, sizeBytes);
    return new OrderedExtents(this, offset, offset + lengthBytes);
  }

  /** Follows the tables; formats that can do without them may override this. */
  @Override
  public Extents dataInFileOrder() {
    var ranges = new FileOrder(this);
    return () -> ranges.next().map(this::toExtent);
  }

  private Extent toExtent(Stored range) {
    long end = Math.min(range.end(), sizeBytes);
    return new Extent(range.offset(), end - range.offset(), range.kind());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Merges neighbouring ranges that count the same among extents. */
  private static final class OrderedExtents implements Extents {
    private final MappedDisk disk;
    private final long end;
    private long at;

    OrderedExtents(MappedDisk disk, long at, long end) {
      this.disk = disk;
      this.at = at;
      this.end = end;
    }

    @Override
    public Optional<Extent> next() throws IOException {
      if (at == end) {
        return Optional.empty();
      }
      long start = at;
      var range = disk.find(at);
      var kind = range.kind();
      while (at < end && range.kind() == kind && !isLongEnough(at - start, kind)) {
        at = Math.min(range.end(), end);
        if (at < end) {
          range = disk.find(at);
        }
      }
      return Optional.of(new Extent(start, at - start, kind));
    }

    private static boolean isLongEnough(long lengthBytes, Extent.Kind kind) {
      return kind == Extent.Kind.DATA && lengthBytes >= MAX_MERGED_BYTES;
    }
  }

  /** Fails unless a position and a length can be those of something in a file. */
  protected static void requirePosition(String what, long position, long lengthBytes)
      throws InvalidImageException {
    if (position < 0 || lengthBytes < 0 || position > Long.MAX_VALUE - lengthBytes) {
      throw new InvalidImageException(
          "is corrupt: %s lies at the impossible position %d".formatted(what, position));
    }
  }
}
