package io.vitrine.format.conversion;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.Extent;
import java.io.IOException;
import java.util.Optional;

/**
 * The data of a disk in the order in which it lies in the file, for targets whose units are not
 * larger than the source's.
 */
final class FilePieces implements Pieces {
  private final BlockSource source;
  private final int unitBytes;
  private final BlockSource.Extents extents;
  private long count;

  FilePieces(BlockSource source, int unitBytes) {
    this.source = source;
    this.unitBytes = unitBytes;
    this.extents = source.dataInFileOrder();
  }

  @Override
  public Optional<Piece> next() throws IOException {
    return extents.next().map(this::toPiece);
  }

  /** An extent may end within a unit, such as that of a raw file within its last sector. */
  private Piece toPiece(Extent extent) {
    int length = (int) (Pieces.roundUp(extent.end(), unitBytes, source) - extent.offset());
    return new Piece(count++, extent.offset(), length, length);
  }
}
