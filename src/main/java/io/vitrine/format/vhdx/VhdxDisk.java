package io.vitrine.format.vhdx;

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

/**
 * A fixed or dynamic disk of Hyper-V (MS-VHDX). A log that was left by a crash is replayed in
 * memory. Disks with a parent are refused.
 */
public final class VhdxDisk extends MappedDisk {
  /** The bytes "vhdxfile", which every file begins with. */
  static final long SIGNATURE = 0x656c696678646876L;

  private final DiskGeometry geometry;
  private final BlockTable blocks;
  private final ClaimedSpace metadata;

  private VhdxDisk(
      ByteSource file, DiskGeometry geometry, BlockTable blocks, ClaimedSpace metadata) {
    super(
        file,
        geometry.diskBytes(),
        (int) Math.min(geometry.blockBytes(), BlockSource.MAX_PIECE_BYTES));
    this.geometry = geometry;
    this.blocks = blocks;
    this.metadata = metadata;
  }

  /**
   * Opens the disk in a file, which is closed with the disk. It waits for as much of an arriving
   * file as has the metadata, or for nearly all of it if there is a log to replay.
   *
   * @throws InvalidImageException if the file is malformed, cut off, or not supported
   */
  public static BlockSource open(ByteSource file) throws IOException {
    if (file.read(0, Long.BYTES, ByteOrder.LITTLE_ENDIAN).getLong() != SIGNATURE) {
      throw InvalidImageException.inField("Signature", 0, "it is not \"vhdxfile\"");
    }
    var header = VhdxHeader.read(file);
    var replayed = header.hasLog() ? Log.replay(file, header) : file;
    var regions = RegionTable.read(replayed);
    var geometry = MetadataTable.read(replayed, regions.metadata());
    var blocks = BlockTable.in(regions.bat(), replayed, geometry);
    return new VhdxDisk(replayed, geometry, blocks, metadata(header, regions));
  }

  private static ClaimedSpace metadata(VhdxHeader header, RegionTable regions)
      throws InvalidImageException {
    var space = new ClaimedSpace(VhdxHeader.UNIT_BYTES);
    space.claim("the header section", 0, FileRegion.FIRST_POSITION);
    space.claim("the log", header.logOffset(), header.logBytes());
    regions.claim(space);
    return space;
  }

  @Override
  protected Stored find(long offset) throws IOException {
    long block = offset / geometry.blockBytes();
    return new Stored(block * geometry.blockBytes(), geometry.blockBytes(), blocks.place(block));
  }

  @Override
  protected List<TableRange> tables() {
    return blocks.ranges();
  }

  @Override
  protected ClaimedSpace metadata() {
    return metadata;
  }
}
