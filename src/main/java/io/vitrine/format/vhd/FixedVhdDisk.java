package io.vitrine.format.vhd;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.mapped.ClaimedSpace;
import io.vitrine.format.mapped.MappedDisk;
import io.vitrine.format.mapped.Stored;
import io.vitrine.format.mapped.TableRange;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;

/** A fixed VHD: the disk as it is, and a footer in the last 512 bytes. */
final class FixedVhdDisk extends MappedDisk {
  private FixedVhdDisk(ByteSource file, long sizeBytes) {
    super(file, sizeBytes, MAX_PIECE_BYTES);
  }

  /** Opens a disk; waits for the end of the file, as only the footer tells that it is one. */
  static BlockSource open(ByteSource file) throws IOException {
    long position = file.sizeBytes() - VhdFooter.LENGTH_BYTES;
    var end = file.read(position, VhdFooter.LENGTH_BYTES, ByteOrder.BIG_ENDIAN);
    var footer =
        VhdFooter.parse(end)
            .orElseThrow(
                () ->
                    new InvalidImageException(
                        "is cut off or no VHD: it neither begins nor ends with a footer"));
    footer.require(VhdFooter.FIXED, position);
    if (footer.diskBytes() > position) {
      throw InvalidImageException.cutOff(
          footer.diskBytes() + VhdFooter.LENGTH_BYTES, file.sizeBytes());
    }
    return new FixedVhdDisk(file, footer.diskBytes());
  }

  @Override
  protected Stored find(long offset) {
    return new Stored(0, sizeBytes(), new Stored.Place.Plain(0));
  }

  @Override
  protected List<TableRange> tables() {
    return List.of(new TableRange(0, 0, sizeBytes()));
  }

  @Override
  protected ClaimedSpace metadata() {
    return new ClaimedSpace(MAX_PIECE_BYTES);
  }

  @Override
  protected boolean hasCheckedTables() {
    return true;
  }
}
