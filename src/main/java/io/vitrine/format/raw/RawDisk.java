package io.vitrine.format.raw;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.ByteSource;
import io.vitrine.format.mapped.ClaimedSpace;
import io.vitrine.format.mapped.MappedDisk;
import io.vitrine.format.mapped.Stored;
import io.vitrine.format.mapped.TableRange;
import java.io.IOException;
import java.util.List;

/** A file that is a disk. What its last sector lacks reads as zeros, as in QEMU. */
public final class RawDisk extends MappedDisk {
  private static final int SECTOR_BYTES = 512;

  private final long fileBytes;

  private RawDisk(ByteSource file, long fileBytes) {
    super(file, Math.ceilDiv(fileBytes, SECTOR_BYTES) * SECTOR_BYTES, BlockSource.MAX_PIECE_BYTES);
    this.fileBytes = fileBytes;
  }

  /** Takes a file of any content as a disk. Blocks until the file's length is known. */
  public static BlockSource open(ByteSource file) throws IOException {
    return new RawDisk(file, file.sizeBytes());
  }

  @Override
  protected Stored find(long offset) {
    return offset < fileBytes
        ? new Stored(0, fileBytes, new Stored.Place.Plain(0))
        : new Stored(fileBytes, sizeBytes() - fileBytes, Stored.HOLE);
  }

  @Override
  protected List<TableRange> tables() {
    return List.of(new TableRange(0, 0, sizeBytes()));
  }

  @Override
  protected ClaimedSpace metadata() {
    return new ClaimedSpace(unitBytes());
  }
}
