package io.vitrine.format.vmdk;

import static io.vitrine.format.vmdk.SparseHeader.SECTOR_BYTES;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.Extent;
import io.vitrine.format.block.InvalidImageException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Walks the grains of a compressed extent from marker to marker, so that they can be read while the
 * file is arriving, though the tables that map them come last. At the end the tables must map
 * exactly the grains that were met.
 */
final class GrainWalk implements BlockSource.Extents {
  private static final long MAX_SECTOR = 0xffff_ffffL;

  private final ByteSource file;
  private final SparseHeader header;
  private final GrainTables tables;
  private final WalkedGrains walked;
  private long sector;
  private boolean isDone;

  /** Begins behind the overhead. The grains that it meets are added to the walked ones. */
  GrainWalk(ByteSource file, SparseHeader header, GrainTables tables, WalkedGrains walked) {
    this.file = file;
    this.header = header;
    this.tables = tables;
    this.walked = walked;
    sector = header.overhead();
  }

  @Override
  public Optional<Extent> next() throws IOException {
    while (!isDone) {
      var marker =
          Marker.parse(file.read(sector * SECTOR_BYTES, Marker.BYTES, ByteOrder.LITTLE_ENDIAN));
      if (marker.isGrain()) {
        return Optional.of(meet(marker));
      }
      if (marker.type() == Marker.END_OF_STREAM) {
        requireSameInTables();
        isDone = true;
      } else {
        requireMetadata(marker);
        sector += 1 + marker.value();
      }
    }
    return Optional.empty();
  }

  private Extent meet(Marker marker) throws InvalidImageException {
    long grain = marker.value() / header.grainSectors();
    if (marker.value() < 0
        || marker.value() >= header.capacity()
        || marker.value() % header.grainSectors() != 0) {
      throw fault("LBA of a grain marker", 0, marker.value() + " is not that of a grain");
    }
    if (sector > MAX_SECTOR) {
      throw fault("LBA of a grain marker", 0, "no table can map what lies behind 2 TiB");
    }
    if (walked.sector(grain) != 0) {
      throw fault("LBA of a grain marker", 0, marker.value() + " comes a second time");
    }
    requireSize(header, marker, sector * SECTOR_BYTES);
    walked.add(grain, (int) sector);
    sector += Math.ceilDiv(Marker.DATA_AT + marker.sizeBytes(), SECTOR_BYTES);
    long offset = marker.value() * SECTOR_BYTES;
    return new Extent(
        offset, Math.min(header.grainBytes(), header.sizeBytes() - offset), Extent.Kind.DATA);
  }

  /** Compressed data is never longer than twice its grain; qemu reads no more either. */
  static void requireSize(SparseHeader header, Marker marker, long position)
      throws InvalidImageException {
    if (marker.sizeBytes() <= 0 || marker.sizeBytes() > 2 * header.grainBytes()) {
      throw InvalidImageException.inField(
          "size of a grain marker",
          position + Marker.SIZE_AT,
          "%d is not between 1 and %d".formatted(marker.sizeBytes(), 2 * header.grainBytes()));
    }
  }

  private void requireMetadata(Marker marker) throws InvalidImageException {
    if (marker.type() < Marker.END_OF_STREAM || marker.type() > Marker.FOOTER) {
      throw fault("type of a marker", Marker.DATA_AT, marker.type() + " is unknown");
    }
    if (marker.value() < 0 || marker.value() >= MAX_SECTOR - sector) {
      throw fault("length of a marker", 0, marker.value() + " is no possible number of sectors");
    }
  }

  private InvalidImageException fault(String field, int at, String fault) {
    return InvalidImageException.inField(field, sector * SECTOR_BYTES + at, fault);
  }

  private void requireSameInTables() throws IOException {
    var space = tables.directory().metadata();
    for (int table = 0; table < header.tables(); table++) {
      var entries = tables.table(table);
      long first = (long) table * header.tableEntries();
      for (int at = 0; at < header.entriesOf(table); at++) {
        int entry = entries.length == 0 || header.isEmpty(entries[at]) ? 0 : entries[at];
        requireSame(first + at, entry);
        if (entry != 0) {
          long position = Integer.toUnsignedLong(entry) * SECTOR_BYTES;
          space.share("grain " + (first + at), position, SECTOR_BYTES);
        }
      }
    }
  }

  private void requireSame(long grain, int entry) throws IOException {
    if (entry != walked.sector(grain)) {
      throw tables.entryFault(
          grain,
          "it says sector %d, but the grain is at sector %d"
              .formatted(
                  Integer.toUnsignedLong(entry), Integer.toUnsignedLong(walked.sector(grain))));
    }
  }
}
