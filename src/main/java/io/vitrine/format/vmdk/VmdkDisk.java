package io.vitrine.format.vmdk;

import static io.vitrine.format.vmdk.SparseHeader.SECTOR_BYTES;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.mapped.ClaimedSpace;
import io.vitrine.format.mapped.MappedDisk;
import io.vitrine.format.mapped.Stored;
import io.vitrine.format.mapped.Stored.Place;
import io.vitrine.format.mapped.TableRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.zip.DataFormatException;

/**
 * The disk in a VMDK of one file: monolithicSparse or streamOptimized (VMware's Virtual Disk Format
 * 5.0). The redundant grain directory is not read.
 */
public final class VmdkDisk extends MappedDisk {
  private final SparseHeader header;
  private final GrainTables tables;
  private final GrainInflation inflation = new GrainInflation();
  private volatile WalkedGrains walked;

  private VmdkDisk(ByteSource file, SparseHeader header) {
    super(file, header.sizeBytes(), header.grainBytes());
    this.header = header;
    tables = new GrainTables(file, header);
    walked = new WalkedGrains(header);
  }

  /**
   * Opens a disk. If the grain directory is at the end of the file, it does not wait for it.
   *
   * @param file closed with the disk
   * @throws InvalidImageException if the file is malformed, or leads to other files
   */
  public static BlockSource open(ByteSource file) throws IOException {
    var sector = file.read(0, SECTOR_BYTES, ByteOrder.LITTLE_ENDIAN);
    requireSparse(sector);
    var header = SparseHeader.parse(sector);
    header.check(0);
    VmdkDescriptor.read(file, header).require();
    var disk = new VmdkDisk(file, header);
    if (!header.isDirectoryAtEnd()) {
      disk.tables.directory();
    } else if (header.overhead() <= header.descriptorSectors()) {
      throw InvalidImageException.inField(
          "overHead",
          SparseHeader.OVERHEAD_AT,
          "%d lies in the descriptor".formatted(header.overhead()));
    }
    return disk;
  }

  private static void requireSparse(ByteBuffer sector) throws InvalidImageException {
    if (!SparseHeader.isIn(sector)) {
      var start = StandardCharsets.ISO_8859_1.decode(sector).toString().toLowerCase(Locale.ROOT);
      throw new InvalidImageException(
          start.startsWith(VmdkDescriptor.START)
              ? VmdkDescriptor.ALONE
              : start.startsWith("cowd") ? VmdkProbe.ESX_EXTENT : "is no VMDK");
    }
  }

  @Override
  protected Stored find(long offset) throws IOException {
    long grain = offset / header.grainBytes();
    int sector = walked.sector(grain);
    return sector == 0
        ? tables.find(grain)
        : tables.compressed(grain, Integer.toUnsignedLong(sector) * SECTOR_BYTES);
  }

  @Override
  protected List<TableRange> tables() throws IOException {
    return tables.directory().ranges();
  }

  @Override
  protected ClaimedSpace metadata() throws IOException {
    return tables.directory().metadata();
  }

  /** Grains whose tables come last are found by their markers, without waiting for the tables. */
  @Override
  public Extents dataInFileOrder() {
    if (!header.isDirectoryAtEnd() || !header.isCompressed() || !WalkedGrains.canHold(header)) {
      return super.dataInFileOrder();
    }
    walked = new WalkedGrains(header);
    return new GrainWalk(file(), header, tables, walked);
  }

  @Override
  protected void inflate(Stored range, Place.Compressed place, ByteBuffer target)
      throws IOException {
    long position = place.position();
    var marker = Marker.parse(file().read(position, Marker.BYTES, ByteOrder.LITTLE_ENDIAN));
    if (marker.value() != range.offset() / SECTOR_BYTES) {
      throw InvalidImageException.inField(
          "LBA of a grain marker",
          position,
          "%d is not that of the grain, %d"
              .formatted(marker.value(), range.offset() / SECTOR_BYTES));
    }
    GrainWalk.requireSize(header, marker, position);
    var compressed =
        file().read(position + Marker.DATA_AT, marker.sizeBytes(), ByteOrder.LITTLE_ENDIAN);
    try {
      // Writers may fill up the last grain of a disk, or not.
      inflation.inflate(compressed, target, header.grainBytes() - (int) range.lengthBytes());
    } catch (DataFormatException corrupt) {
      throw InvalidImageException.inField(
          "data of a grain",
          position + Marker.DATA_AT,
          "it cannot be inflated: " + corrupt.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    inflation.close();
    super.close();
  }
}
