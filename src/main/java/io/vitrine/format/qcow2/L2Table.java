package io.vitrine.format.qcow2;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.mapped.Stored;
import io.vitrine.format.mapped.Stored.Place;
import java.nio.ByteBuffer;

/**
 * A table, or a part of one, that tells where clusters of the disk are in the file.
 *
 * @param position in the file
 * @param entries whole entries, big-endian
 */
record L2Table(L2Layout layout, long position, ByteBuffer entries) {
  static final int SECTOR_BYTES = 512;

  private static final long COMPRESSED = 1L << 62;
  private static final long ZERO_FLAG = 1;
  private static final long RESERVED = 0x3f00_0000_0000_01feL;
  private static final long OFFSET = 0x00ff_ffff_ffff_fe00L;

  /** Longer runs of plain units gain nothing, and looking for their ends takes time. */
  private static final int MAX_RUN_BYTES = BlockSource.MAX_PIECE_BYTES;

  /** How many units of the disk it maps. */
  int units() {
    return entries.limit() / layout.entryBytes() * layout.unitsPerCluster();
  }

  /**
   * The range that is stored in one way and begins at the unit, or has it if it is compressed.
   *
   * @param start the offset in the disk of the first unit of the table
   */
  Stored find(long start, int unit) throws InvalidImageException {
    var place = place(unit);
    if (place instanceof Place.Compressed) {
      int first = unit / layout.unitsPerCluster() * layout.unitsPerCluster();
      return new Stored(offset(start, first), layout.clusterBytes(), place);
    }
    int end = Math.min(units(), unit + (MAX_RUN_BYTES >> layout.unitBits()));
    int next = unit + 1;
    while (next < end && isContinued(place, next - unit, place(next))) {
      next++;
    }
    return new Stored(offset(start, unit), (long) (next - unit) << layout.unitBits(), place);
  }

  private long offset(long start, int unit) {
    return start + ((long) unit << layout.unitBits());
  }

  private boolean isContinued(Place place, int units, Place next) {
    if (place instanceof Place.Plain(long first) && next instanceof Place.Plain(long second)) {
      return second == first + ((long) units << layout.unitBits());
    }
    return place.equals(next);
  }

  /** Where a unit is in the file. */
  Place place(int unit) throws InvalidImageException {
    int index = unit / layout.unitsPerCluster();
    long entry = entries.getLong(index * layout.entryBytes());
    if ((entry & COMPRESSED) != 0) {
      return compressed(index, entry);
    }
    if ((entry & RESERVED) != 0) {
      throw fault(index, "reserved bits are set in %#x".formatted(entry));
    }
    long host = entry & OFFSET;
    if (host % layout.clusterBytes() != 0) {
      throw fault(index, "%d is no multiple of the cluster size".formatted(host));
    }
    return layout.isExtended()
        ? subcluster(unit, host, (entry & ZERO_FLAG) != 0)
        : standard(index, host, (entry & ZERO_FLAG) != 0);
  }

  private Place standard(int index, long host, boolean isZero) throws InvalidImageException {
    if (isZero && layout.version() < 3) {
      throw fault(index, "clusters of zeros are not possible in version 2");
    }
    if (isZero) {
      return Stored.ZERO;
    }
    return host == 0 ? Stored.HOLE : new Place.Plain(host);
  }

  private Place subcluster(int unit, long host, boolean isZeroCluster)
      throws InvalidImageException {
    int index = unit / L2Layout.SUBCLUSTERS;
    int subcluster = unit % L2Layout.SUBCLUSTERS;
    long bitmap = bitmap(index);
    boolean isAllocated = (bitmap >>> subcluster & 1) != 0;
    boolean isZero = (bitmap >>> (L2Layout.SUBCLUSTERS + subcluster) & 1) != 0;
    if (isZeroCluster) {
      throw fault(index, "a reserved bit is set");
    }
    if (isAllocated && (isZero || host == 0)) {
      throw fault(index, "the bitmap %#x contradicts itself or the offset".formatted(bitmap));
    }
    if (isZero) {
      return Stored.ZERO;
    }
    return isAllocated
        ? new Place.Plain(host + (long) subcluster * layout.unitBytes())
        : Stored.HOLE;
  }

  private Place compressed(int index, long entry) throws InvalidImageException {
    if (layout.isExtended() && bitmap(index) != 0) {
      throw fault(index, "a compressed cluster has a bitmap");
    }
    int offsetBits = 62 - (layout.clusterBits() - 8);
    long host = entry & (1L << offsetBits) - 1;
    long sectors = ((entry & COMPRESSED - 1) >>> offsetBits) + 1;
    return new Place.Compressed(host, (int) (sectors * SECTOR_BYTES - host % SECTOR_BYTES));
  }

  private long bitmap(int index) {
    return entries.getLong(index * layout.entryBytes() + Long.BYTES);
  }

  private InvalidImageException fault(int index, String fault) {
    return InvalidImageException.inField(
        "L2 entry", position + (long) index * layout.entryBytes(), fault);
  }
}
