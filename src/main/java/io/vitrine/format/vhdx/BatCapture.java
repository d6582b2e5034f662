package io.vitrine.format.vhdx;

import io.vitrine.format.probe.Region;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Finds how long a stream must be for the blocks that its BAT maps, as the BAT passes. If it passes
 * before the metadata, without which it means nothing, it is kept meanwhile unless it is too large.
 */
final class BatCapture {
  private static final int MAX_EARLY_BYTES = 1 << 20;
  private static final int PAGE_BYTES = 64 << 10;

  private final long position;
  private final long lengthBytes;

  /** What is captured now. */
  private Region page;

  /** The offset of the page in the BAT. */
  private long pageAt;

  /** How much of the BAT the disk needs, once that is known. */
  private long usedBytes;

  /** The first block whose entry lies in the page or after it. */
  private long block;

  private long neededBytes;

  /** Nothing of the BAT in the region, given the position of the metadata, was captured yet. */
  BatCapture(long position, long lengthBytes, long metadataPosition) {
    this.position = position;
    this.lengthBytes = lengthBytes;
    boolean isKept = position + lengthBytes <= metadataPosition && lengthBytes <= MAX_EARLY_BYTES;
    page = new Region(position, isKept ? (int) lengthBytes : 0);
  }

  /** What to capture before the metadata; of length zero if nothing. */
  Region early() {
    return page;
  }

  /**
   * What to capture next, once the sizes are known and all that was asked for is captured.
   *
   * @param passed where the stream is, at least: what lies before cannot be captured
   */
  List<Region> next(DiskGeometry geometry, long passed) {
    var entries = page.read(ByteOrder.LITTLE_ENDIAN);
    take(entries, geometry);
    pageAt += entries.limit();
    usedBytes = geometry.entries() * DiskGeometry.ENTRY_BYTES;
    long left = usedBytes - pageAt;
    if (position + pageAt < passed || left <= 0 || left > lengthBytes - pageAt) {
      return List.of();
    }
    page = new Region(position + pageAt, (int) Math.min(PAGE_BYTES, left));
    return List.of(page);
  }

  private void take(ByteBuffer entries, DiskGeometry geometry) {
    for (; block < geometry.blocks(); block++) {
      long at = geometry.entry(block) * DiskGeometry.ENTRY_BYTES - pageAt;
      if (at > entries.limit() - DiskGeometry.ENTRY_BYTES) {
        return;
      }
      var entry = new BatEntry(entries.getLong((int) at));
      if (entry.isPresent()) {
        neededBytes = Math.max(neededBytes, end(entry.position(), geometry.bytesOf(block)));
      }
    }
  }

  /** Where a block ends; in the infinite if its position is impossible. */
  private static long end(long blockPosition, long blockBytes) {
    return FileRegion.isPossible(blockPosition, blockBytes)
        ? blockPosition + blockBytes
        : Long.MAX_VALUE;
  }

  /** How many bytes the stream must have, as far as is known. */
  long neededBytes() {
    return page.isComplete() ? neededBytes : position + usedBytes;
  }
}
