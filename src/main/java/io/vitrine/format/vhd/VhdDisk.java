package io.vitrine.format.vhd;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.mapped.BlockTable;
import io.vitrine.format.mapped.ClaimedSpace;
import io.vitrine.format.mapped.MappedDisk;
import io.vitrine.format.mapped.Stored;
import io.vitrine.format.mapped.TableRange;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A dynamic VHD: a copy of the footer, a header, the block allocation table (BAT), and blocks with
 * a bitmap before each.
 *
 * <p>The bitmaps are not read, as qemu does not read them: in a disk without a parent, a sector
 * whose bit is not set holds zeros anyway. Nor is the footer at the end, which would mean waiting
 * for all of an arriving file. A file that has lost it, but none of its blocks, has the whole disk.
 */
public final class VhdDisk extends MappedDisk {
  private final VhdDynamicHeader header;
  private final BlockTable table;

  private VhdDisk(ByteSource file, long sizeBytes, VhdDynamicHeader header, BlockTable table) {
    super(file, sizeBytes, (int) Math.min(header.blockBytes(), MAX_PIECE_BYTES));
    this.header = header;
    this.table = table;
  }

  /**
   * Opens a disk, fixed or dynamic. It waits for the tables of a dynamic one, but for the end of
   * the file if that does not begin with a footer.
   *
   * @param file closed with the disk, but not if this fails
   */
  public static BlockSource open(ByteSource file) throws IOException {
    var start = file.read(0, VhdFooter.LENGTH_BYTES, ByteOrder.BIG_ENDIAN);
    var footer = VhdFooter.parse(start);
    return footer.isPresent() ? openDynamic(file, footer.get()) : FixedVhdDisk.open(file);
  }

  private static BlockSource openDynamic(ByteSource file, VhdFooter footer) throws IOException {
    footer.require(VhdFooter.DYNAMIC, 0);
    long position = footer.headerPosition();
    var header =
        VhdDynamicHeader.parse(
            file.read(position, VhdDynamicHeader.LENGTH_BYTES, ByteOrder.BIG_ENDIAN), position);
    int entries = header.usedEntries(footer.diskBytes());
    var table = BlockTable.read(file, header.tablePosition(), entries, ByteOrder.BIG_ENDIAN);
    for (int block = 0; block < table.size(); block++) {
      requireFreePosition(header, table, block);
    }
    var shared = table.findOverlap(entry -> entry != VhdDynamicHeader.HOLE, header.strideSectors());
    if (shared.isPresent()) {
      throw overlap(table, shared.getAsInt(), "another block");
    }
    return new VhdDisk(file, footer.diskBytes(), header, table);
  }

  private static void requireFreePosition(VhdDynamicHeader header, BlockTable table, int block)
      throws InvalidImageException {
    if (table.entry(block) == VhdDynamicHeader.HOLE) {
      return;
    }
    long start = VhdDynamicHeader.positionOf(table.entry(block));
    long end = start + header.strideSectors() * VhdDynamicHeader.SECTOR_BYTES;
    if (start < VhdFooter.LENGTH_BYTES) {
      throw overlap(table, block, "the footer");
    }
    if (start < header.position() + VhdDynamicHeader.LENGTH_BYTES && header.position() < end) {
      throw overlap(table, block, "the dynamic disk header");
    }
    if (start < header.tablePosition() + header.tableBytes() && header.tablePosition() < end) {
      throw overlap(table, block, "the table");
    }
  }

  private static InvalidImageException overlap(BlockTable table, int block, String other) {
    return InvalidImageException.inField(
        "BAT entry " + block,
        table.positionOf(block),
        "the block at %d overlaps %s"
            .formatted(VhdDynamicHeader.positionOf(table.entry(block)), other));
  }

  @Override
  protected Stored find(long offset) {
    int block = (int) (offset / header.blockBytes());
    int entry = table.entry(block);
    var place =
        entry == VhdDynamicHeader.HOLE
            ? Stored.HOLE
            : new Stored.Place.Plain(VhdDynamicHeader.positionOf(entry) + header.bitmapBytes());
    return new Stored(block * header.blockBytes(), header.blockBytes(), place);
  }

  @Override
  protected List<TableRange> tables() {
    return table.ranges(header.blockBytes());
  }

  @Override
  protected ClaimedSpace metadata() {
    return new ClaimedSpace(VhdDynamicHeader.SECTOR_BYTES);
  }

  @Override
  protected boolean hasCheckedTables() {
    return true;
  }
}
