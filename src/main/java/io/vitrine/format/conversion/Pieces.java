package io.vitrine.format.conversion;

import io.vitrine.format.block.BlockSource;
import java.io.IOException;
import java.util.Optional;

/** The parts of a disk to copy, one piece after the other. Not safe for concurrent use. */
interface Pieces {
  /** The next piece; empty after the last one. Blocks if the file is still arriving. */
  Optional<Piece> next() throws IOException;

  /** Rounds an offset up to a unit, but for the end of the disk. */
  static long roundUp(long offset, int unitBytes, BlockSource disk) {
    long remainder = offset % unitBytes;
    return remainder == 0 ? offset : Math.min(disk.sizeBytes(), offset - remainder + unitBytes);
  }
}
