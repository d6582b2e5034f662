package io.vitrine.format.vdi;

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
 * A disk in VirtualBox's format, static or dynamic: a header, a map with the index of each block,
 * and the blocks. The size is the header's to the byte, where qemu rounds an odd one up to a sector
 * and VirtualBox down.
 */
public final class VdiDisk extends MappedDisk {
  private static final int FREE = 0xffffffff;
  private static final int ZERO = 0xfffffffe;

  private final VdiHeader header;
  private final BlockTable map;

  private VdiDisk(ByteSource file, VdiHeader header, BlockTable map) {
    super(file, header.diskBytes(), (int) Math.min(header.blockBytes(), MAX_PIECE_BYTES));
    this.header = header;
    this.map = map;
  }

  /**
   * Opens a disk; waits for the header and the map only.
   *
   * @param file closed with the disk, but not if this fails
   */
  public static BlockSource open(ByteSource file) throws IOException {
    var start = file.read(0, VdiHeader.LENGTH_BYTES, ByteOrder.LITTLE_ENDIAN);
    var header = VdiHeader.parse(start).require();
    var map =
        BlockTable.read(file, header.mapPosition(), header.usedEntries(), ByteOrder.LITTLE_ENDIAN);
    requireDistinctBlocks(header, map);
    return new VdiDisk(file, header, map);
  }

  private static void requireDistinctBlocks(VdiHeader header, BlockTable map)
      throws InvalidImageException {
    for (int block = 0; block < map.size(); block++) {
      long index = Integer.toUnsignedLong(map.entry(block));
      if (isStored(map.entry(block)) && index >= header.allocatedBlocks()) {
        throw inMap(
            map,
            block,
            "%d is not below the number of allocated blocks, %d"
                .formatted(index, header.allocatedBlocks()));
      }
    }
    var shared = map.findOverlap(VdiDisk::isStored, 1);
    if (shared.isPresent()) {
      int block = shared.getAsInt();
      throw inMap(map, block, map.entry(block) + " is the index of another block too");
    }
  }

  private static InvalidImageException inMap(BlockTable map, int block, String fault) {
    return InvalidImageException.inField("block map entry " + block, map.positionOf(block), fault);
  }

  private static boolean isStored(int index) {
    return index != FREE && index != ZERO;
  }

  @Override
  protected Stored find(long offset) {
    int block = (int) (offset / header.blockBytes());
    int index = map.entry(block);
    var place =
        switch (index) {
          case FREE -> Stored.HOLE;
          case ZERO -> Stored.ZERO;
          default -> new Stored.Place.Plain(header.positionOf(index));
        };
    return new Stored(block * header.blockBytes(), header.blockBytes(), place);
  }

  @Override
  protected List<TableRange> tables() {
    return map.ranges(header.blockBytes());
  }

  @Override
  protected ClaimedSpace metadata() {
    return new ClaimedSpace(header.blockBytes());
  }

  @Override
  protected boolean hasCheckedTables() {
    return true;
  }
}
