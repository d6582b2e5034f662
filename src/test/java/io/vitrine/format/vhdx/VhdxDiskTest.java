package io.vitrine.format.vhdx;

import static io.vitrine.format.block.Extent.Kind.DATA;
import static io.vitrine.format.block.Extent.Kind.HOLE;
import static io.vitrine.format.block.Extent.Kind.ZERO;
import static io.vitrine.format.vhdx.TestingVhdx.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.Extent;
import io.vitrine.format.block.TestingReads;
import io.vitrine.format.mapped.DiskSubject;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VhdxDiskTest {
  private final TestingVhdx small = TestingVhdx.small();

  @Test
  void readsInEachWay() throws IOException {
    DiskSubject.of(VhdxDisk::open).holds(small.toBytes(), small.disk());
  }

  @Test
  void tellsExtents() throws IOException {
    try (var disk = open(small)) {
      assertThat(TestingReads.list(disk.extents(0, disk.sizeBytes())))
          .containsExactly(
              new Extent(0, 3 * MIB, DATA),
              new Extent(3 * MIB, MIB, ZERO),
              new Extent(4 * MIB, MIB, HOLE),
              new Extent(5 * MIB, MIB / 2, DATA));
      assertThat(TestingReads.list(disk.extents(3 * MIB + 5, 7)))
          .containsExactly(new Extent(3 * MIB + 5, 7, ZERO));
    }
  }

  @Test
  void givesDataInTheOrderOfTheFile() throws IOException {
    try (var disk = open(small)) {
      assertThat(TestingReads.list(disk.dataInFileOrder()))
          .containsExactly(
              new Extent(MIB, 2 * MIB, DATA),
              new Extent(0, MIB, DATA),
              new Extent(5 * MIB, MIB / 2, DATA));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, HOLE", "1, HOLE", "2, ZERO", "3, HOLE", "5, HOLE"})
  void readsZerosFromAbsentBlocks(int state, Extent.Kind kind) throws IOException {
    // The position of an absent block means nothing.
    small.int64(small.entryAt(1), 999L * MIB | state);

    try (var disk = open(small)) {
      assertThat(TestingReads.list(disk.extents(MIB, MIB)))
          .containsExactly(new Extent(MIB, MIB, kind));
      assertThat(TestingReads.piece(disk, MIB, MIB)).containsOnly(0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 16, 32, 64, 128, 256})
  void readsBlocksOfEachSize(int blockMib) throws IOException {
    long blockBytes = (long) blockMib * MIB;
    long diskBytes = 3 * blockBytes + 512;
    var image = TestingVhdx.of(new DiskGeometry(blockBytes, diskBytes, 512), 4 * MIB);
    image.map(0, 4L * MIB + blockBytes).map(2, 4 * MIB).map(3, 4L * MIB + 2 * blockBytes);

    try (var disk = sparse(image, 4L * MIB + 2 * blockBytes + 512)) {
      assertThat(disk.unitBytes()).isEqualTo(Math.min(blockMib, 2) * MIB);
      assertThat(TestingReads.piece(disk, 3 * blockBytes, 512))
          .containsOnly(ArrivingSource.filler(4L * MIB + 2 * blockBytes));
      assertThat(TestingReads.piece(disk, blockBytes - 1, 2))
          .containsExactly(ArrivingSource.filler(4L * MIB + 2 * blockBytes - 1), 0);
      assertThat(TestingReads.list(disk.dataInFileOrder()))
          .allMatch(extent -> extent.lengthBytes() <= BlockSource.MAX_PIECE_BYTES)
          .startsWith(new Extent(2 * blockBytes, disk.unitBytes(), DATA))
          .endsWith(new Extent(3 * blockBytes, 512, DATA))
          .extracting(Extent::lengthBytes)
          .satisfies(
              lengths ->
                  assertThat(lengths.stream().mapToLong(Long::longValue).sum())
                      .isEqualTo(2 * blockBytes + 512));
    }
  }

  /**
   * After the entries of each chunk comes one for a sector bitmap, in which QEMU leaves garbage.
   */
  @ParameterizedTest
  @CsvSource({"512, 16", "4096, 128"})
  void skipsEntriesOfSectorBitmaps(long sectorBytes, int blocksPerChunk) throws IOException {
    long blockBytes = 256L * MIB;
    var geometry = new DiskGeometry(blockBytes, (blocksPerChunk + 2) * blockBytes, sectorBytes);
    var image = TestingVhdx.of(geometry, 4 * MIB);
    image.map(blocksPerChunk - 1, 4 * MIB).map(blocksPerChunk, 4L * MIB + blockBytes);
    image.int64(image.entryAt(blocksPerChunk - 1) + 8, -1);

    try (var disk = sparse(image, 1L << 40)) {
      assertThat(TestingReads.list(disk.extents(0, disk.sizeBytes())))
          .containsExactly(
              new Extent(0, (blocksPerChunk - 1) * blockBytes, HOLE),
              new Extent((blocksPerChunk - 1) * blockBytes, blockBytes, DATA),
              new Extent(blocksPerChunk * blockBytes, blockBytes, DATA),
              new Extent((blocksPerChunk + 1) * blockBytes, blockBytes, HOLE));
      assertThat(TestingReads.piece(disk, blocksPerChunk * blockBytes + 512, 1))
          .containsExactly(ArrivingSource.filler(4L * MIB + blockBytes + 512));
    }
  }

  @Test
  void readsTablesThatAreLargerThanWhatIsKept() throws IOException {
    long diskBytes = 130_000L * MIB;
    var image = TestingVhdx.of(new DiskGeometry(MIB, diskBytes, 512), 4 * MIB);
    for (int block = 0; block < 130_000; block += 10_001) {
      image.map(block, 4L * MIB + 2L * block * MIB);
    }

    try (var disk = sparse(image, 1L << 40)) {
      for (int block : List.of(120_012, 0, 60_006, 10_001, 120_012)) {
        assertThat(TestingReads.piece(disk, (long) block * MIB, 1))
            .containsExactly(ArrivingSource.filler(4L * MIB + 2L * block * MIB));
      }
      assertThat(TestingReads.list(disk.dataInFileOrder())).hasSize(13);
    }
  }

  @Test
  void readsTheLargestDisk() throws IOException {
    long diskBytes = 64L << 40;
    var image = TestingVhdx.metadataFirst(new DiskGeometry(256L * MIB, diskBytes, 512), 6 * MIB);
    image.int32(TestingVhdx.REGION_ENTRIES + 24, 3 * MIB).map((1 << 18) - 1, 100L << 40);

    try (var disk = sparse(image, 128L << 40)) {
      assertThat(TestingReads.piece(disk, diskBytes - 1, 1))
          .containsExactly(ArrivingSource.filler((100L << 40) + 256L * MIB - 1));
      assertThat(TestingReads.list(disk.dataInFileOrder())).hasSize(128);
    }
  }

  @Test
  void readsEmptyDisks() throws IOException {
    try (var disk = open(TestingVhdx.of(new DiskGeometry(MIB, 0, 512), 4 * MIB))) {
      assertThat(disk.sizeBytes()).isZero();
      assertThat(TestingReads.list(disk.dataInFileOrder())).isEmpty();
    }
  }

  @Test
  void readsDisksWithTheMetadataFirst() throws IOException {
    var image = TestingVhdx.metadataFirst(new DiskGeometry(2 * MIB, 3 * MIB, 4096), 8 * MIB);
    image.block(0, 6 * MIB).block(1, 4 * MIB);

    try (var disk = open(image)) {
      assertThat(TestingReads.whole(disk)).isEqualTo(image.disk());
    }
  }

  /** QEMU makes fixed disks only as long as the disk. */
  @Test
  void needsNoMoreOfTheLastBlockThanTheDiskHas() throws IOException {
    var bytes = small.toBytes(7 * MIB + MIB / 2);

    try (var disk = VhdxDisk.open(ArrivingSource.complete(bytes))) {
      assertThat(TestingReads.inFileOrder(disk)).isEqualTo(small.disk());
    }
  }

  @Test
  void usesTheHeaderWithTheHigherSequenceNumber() throws IOException {
    small.int64((64 << 10) + 8, -1).guid((128 << 10) + 48, TestingLog.GUID);

    assertThat(TestingReads.whole(open(small))).isEqualTo(small.disk());
  }

  @Test
  void usesTheOnlyValidHeader() throws IOException {
    var bytes = small.guid((64 << 10) + 48, TestingLog.GUID).toBytes();
    bytes[64 << 10 | 100] ^= 1;

    assertThat(TestingReads.whole(VhdxDisk.open(ArrivingSource.complete(bytes))))
        .isEqualTo(small.disk());
  }

  @Test
  void acceptsTheSameHeaderTwice() throws IOException {
    small.int64((64 << 10) + 8, 8);

    assertThat(TestingReads.whole(open(small))).isEqualTo(small.disk());
  }

  @Test
  void usesTheSecondRegionTableIfTheFirstIsSpoiled() throws IOException {
    small.withSpoiledRegions().int64(TestingVhdx.REGION_ENTRIES + 16, 5);

    assertThat(TestingReads.whole(open(small))).isEqualTo(small.disk());
  }

  @Test
  void ignoresWhatIsNotRequired() throws IOException {
    int entry = TestingVhdx.REGION_ENTRIES + 64;
    small.int32((192 << 10) + 8, 3).guid(entry, new UUID(1, 2)).int64(entry + 16, 9 * MIB);
    small.int16(small.metadataAt() + 10, 7).guid(small.itemEntry(5), new UUID(3, 4));
    small.guid(small.itemEntry(6), MetadataItem.FILE_PARAMETERS.guid());
    small.int32(small.itemEntry(6) + 24, 1);

    assertThat(TestingReads.whole(open(small))).isEqualTo(small.disk());
  }

  @Test
  void closesTheFile() throws IOException {
    var file = ArrivingSource.complete(small.toBytes());

    VhdxDisk.open(file).close();

    assertThat(file.isClosed()).isTrue();
  }

  @Test
  void waitsForNoMoreThanItNeeds() throws IOException {
    var file = ArrivingSource.impatient(small.toBytes()).feed(4 * MIB);

    try (var disk = VhdxDisk.open(file)) {
      var extents = disk.dataInFileOrder();
      long arrived = 4 * MIB;
      for (var extent = extents.next(); extent.isPresent(); extent = extents.next()) {
        arrived += extent.get().lengthBytes();
        file.feedUntil(arrived);
        TestingReads.piece(disk, extent.get().offset(), (int) extent.get().lengthBytes());
      }
      assertThat(arrived).isEqualTo(7 * MIB + MIB / 2);
    }
  }

  private static BlockSource open(TestingVhdx image) throws IOException {
    return VhdxDisk.open(ArrivingSource.complete(image.toBytes()));
  }

  private static BlockSource sparse(TestingVhdx image, long sizeBytes) throws IOException {
    return VhdxDisk.open(ArrivingSource.sparse(image.toBytes(), sizeBytes));
  }
}
