package io.vitrine.format.conversion;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.Extent;
import java.io.IOException;
import java.util.Optional;

/** The units of a target in which the source has any data, by ascending offset. */
final class DiskPieces implements Pieces {
  private final BlockSource source;
  private final int unitBytes;
  private final BlockSource.Extents extents;
  private long count;

  /** Where the last piece ends. */
  private long done;

  /** The rest of the current extent of data. */
  private long at;

  private long end;

  DiskPieces(BlockSource source, int unitBytes) {
    this.source = source;
    this.unitBytes = unitBytes;
    this.extents = source.extents(0, source.sizeBytes());
  }

  @Override
  public Optional<Piece> next() throws IOException {
    while (at >= end) {
      var extent = extents.next();
      if (extent.isEmpty()) {
        return Optional.empty();
      }
      if (extent.get().kind() == Extent.Kind.DATA) {
        begin(extent.get());
      }
    }
    int length = (int) Math.min(end - at, Math.max(BlockSource.MAX_PIECE_BYTES, unitBytes));
    var piece = new Piece(count++, at, length, at + length - done);
    at += length;
    done = at;
    return Optional.of(piece);
  }

  /** Widens an extent to whole units, less those that the one before it reached into. */
  private void begin(Extent extent) {
    at = Math.max(done, extent.offset() / unitBytes * unitBytes);
    end = Pieces.roundUp(extent.end(), unitBytes, source);
  }
}
