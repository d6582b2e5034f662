package io.vitrine.format.vhdx;

import static io.vitrine.format.TestingInspection.cutOff;
import static io.vitrine.format.TestingInspection.inspect;
import static io.vitrine.format.vhdx.TestingVhdx.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.Inspection;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VhdxProbeTest {
  private static final DiskGeometry GEOMETRY = new DiskGeometry(2 * MIB, 6 * MIB + 512, 512);

  private final TestingVhdx batFirst = mapped(TestingVhdx.of(GEOMETRY, 12 * MIB));
  private final TestingVhdx metadataFirst = mapped(TestingVhdx.metadataFirst(GEOMETRY, 12 * MIB));

  private static TestingVhdx mapped(TestingVhdx image) {
    return image.map(0, 6 * MIB).map(1, 8 * MIB).state(2, 2).map(3, 10 * MIB);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 60_001, 1 << 20, 100 << 20})
  void findsCutsInWhateverChunks(int chunkBytes) {
    for (var image : new TestingVhdx[] {batFirst, metadataFirst}) {
      assertSound(inspect(image.toBytes(), chunkBytes));
      assertSound(inspect(image.toBytes(10 * MIB + 512), chunkBytes));
      assertCut(inspect(image.toBytes(10 * MIB + 511), chunkBytes), 10 * MIB + 512, 10 * MIB + 511);
      assertCut(inspect(image.toBytes(4 * MIB), chunkBytes), 10 * MIB + 512, 4 * MIB);
    }
  }

  @Test
  void findsCutsWithinTheBat() {
    assertCut(inspect(metadataFirst.toBytes(3 * MIB + 8), 4096), 3 * MIB + 32, 3 * MIB + 8);
    assertThat(inspect(batFirst.toBytes(3 * MIB - 1), 4096).violations())
        .containsExactly(
            new Violation("structure", "does not state its virtual size; it may be cut off"));
  }

  @Test
  void readsLargeTablesInParts() {
    var geometry = new DiskGeometry(MIB, 200_000L * MIB, 512);
    var image = TestingVhdx.metadataFirst(geometry, 6 * MIB).map(199_999, 5 * MIB);
    image.int32(TestingVhdx.REGION_ENTRIES + 24, 2 * MIB).sameRegions();

    assertSound(inspect(image.toBytes(), 1 << 20));
    assertCut(inspect(image.toBytes(5 * MIB), 1 << 20), 6 * MIB, 5 * MIB);
    assertCut(inspect(image.toBytes(4 * MIB), 1 << 20), 3 * MIB + 8 * 200_048, 4 * MIB);
  }

  @Test
  void ignoresEntriesOfSectorBitmaps() {
    var geometry = new DiskGeometry(256L * MIB, 17 * 256L * MIB, 512);
    var image = TestingVhdx.of(geometry, 4 * MIB);
    image.int64(image.entryAt(15) + 8, 99L * MIB | TestingVhdx.FULLY_PRESENT);

    assertSound(inspect(image.toBytes(), 1 << 20));
  }

  @Test
  void ignoresTablesThatALogWillChange() {
    batFirst.log(TestingLog.at(0));

    assertSound(inspect(batFirst.toBytes(9 * MIB), 1 << 20));
  }

  @Test
  void ignoresTablesTooLargeToKeep() {
    var geometry = new DiskGeometry(MIB, 8L * MIB, 512);
    var image = TestingVhdx.of(geometry, 6 * MIB).map(1, 9 * MIB);
    image.int32(TestingVhdx.REGION_ENTRIES + 24, 2 * MIB).sameRegions();

    assertSound(inspect(image.toBytes(), 1 << 20));
  }

  @Test
  void refusesBlocksAtImpossiblePositions() {
    batFirst.map(1, -MIB);

    assertCut(inspect(batFirst.toBytes(), 1 << 20), Long.MAX_VALUE, 12 * MIB);
  }

  @Test
  void seesTheParentThatOnlyTheSecondRegionTableLeadsTo() {
    assertThat(inspect(hiddenParent().withSpoiledRegions().int8(192 << 10, 0).toBytes(), 1 << 20))
        .extracting(Inspection::violations)
        .isEqualTo(List.of(new Violation("parent", MetadataItem.PARENT_REFUSED)));
  }

  @Test
  void refusesTwoRegionTablesThatDiffer() {
    var image = hiddenParent();

    assertThat(inspect(image.toBytes(), 1 << 20).violations())
        .extracting(Violation::reason)
        .containsExactly("has two region tables that differ, so that readers disagree");
    assertSound(inspect(image.log(TestingLog.at(0)).toBytes(), 1 << 20));
  }

  @Test
  void refusesFilesWithoutAValidRegionTable() {
    var bytes = batFirst.toBytes();
    bytes[192 << 10]++;
    bytes[256 << 10]++;

    assertThat(inspect(bytes, 1 << 20).violations())
        .containsExactly(
            new Violation("structure", "does not state its virtual size; it may be cut off"));
  }

  /** A disk with other metadata, which has a parent, by its second region table. */
  private TestingVhdx hiddenParent() {
    int hidden = 11 * MIB;
    int secondMetadataEntry = TestingVhdx.REGION_ENTRIES + (64 << 10) + 32;
    return batFirst
        .copy(batFirst.metadataAt(), hidden, 128 << 10)
        .int32(hidden + TestingVhdx.PARAMETERS + MetadataItem.FLAGS_AT, MetadataItem.HAS_PARENT)
        .int64(secondMetadataEntry + 16, hidden);
  }

  private static void assertSound(Inspection inspection) {
    assertThat(inspection.formats()).containsExactly(ContentFormat.VHDX);
    assertThat(inspection.violations()).isEmpty();
    assertThat(inspection.virtualSizeBytes()).isPresent();
  }

  private static void assertCut(Inspection inspection, long neededBytes, long sizeBytes) {
    assertThat(inspection.violations()).containsExactly(cutOff(neededBytes, sizeBytes));
  }
}
