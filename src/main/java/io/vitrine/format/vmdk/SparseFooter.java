package io.vitrine.format.vmdk;

import static io.vitrine.format.vmdk.SparseHeader.SECTOR_BYTES;

import io.vitrine.format.block.InvalidImageException;
import java.nio.ByteBuffer;

/**
 * The end of an extent whose header was written before its grain directory: a marker, the footer,
 * and the end-of-stream marker. The footer replaces the header, so it must say the same.
 */
final class SparseFooter {
  static final int BYTES = 3 * SECTOR_BYTES;

  private SparseFooter() {}

  /**
   * The header that the footer is.
   *
   * @param end the last {@link #BYTES} of the file, or all of it if it is shorter
   */
  static SparseHeader parse(SparseHeader header, ByteBuffer end, long sizeBytes)
      throws InvalidImageException {
    if (sizeBytes % SECTOR_BYTES != 0) {
      // qemu rounds the length up to whole sectors before it looks for the footer.
      throw new InvalidImageException("does not end with a whole sector");
    }
    if (end.remaining() < BYTES) {
      throw new InvalidImageException("ends before its VMDK footer");
    }
    if (!Marker.isAnnouncing(Marker.FOOTER, end.slice(0, SECTOR_BYTES))
        || !Marker.isAnnouncing(Marker.END_OF_STREAM, end.slice(2 * SECTOR_BYTES, SECTOR_BYTES))) {
      throw new InvalidImageException(
          "does not end with the markers of a streamOptimized VMDK; it may be cut off");
    }
    var sector = end.slice(SECTOR_BYTES, SECTOR_BYTES);
    var footer = SparseHeader.parse(sector);
    if (!SparseHeader.isIn(sector) || !header.isReplacedBy(footer)) {
      throw new InvalidImageException("has a VMDK footer that contradicts its header");
    }
    return footer;
  }
}
