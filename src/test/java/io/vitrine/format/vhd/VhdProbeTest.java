package io.vitrine.format.vhd;

import static io.vitrine.format.TestingInspection.cutOff;
import static io.vitrine.format.TestingInspection.inspect;
import static io.vitrine.format.vhd.TestingVhd.HOLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.format.Inspection;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.Violation;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VhdProbeTest {
  private static final int BLOCK = 4096;

  static Stream<Arguments> lengths() {
    return Stream.of(
        arguments("in order", dynamic(4, 13, 22, HOLE), (22 + 9) * 512),
        arguments("last block first", dynamic(22, HOLE, 4, 13), (22 + 9) * 512),
        arguments("ends within a block", dynamic(HOLE, 4, HOLE, 13), (13 + 9) * 512 - 500),
        arguments("nothing but holes", dynamic(HOLE, HOLE, HOLE, HOLE), 1536 + 16));
  }

  private static TestingVhd dynamic(int... sectors) {
    return TestingVhd.dynamic(BLOCK, 500, sectors);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lengths")
  void refusesCutContent(String name, TestingVhd image, int needed) {
    for (int chunk : new int[] {1 << 20, 1000, 1}) {
      var whole = inspect(Arrays.copyOf(image.file(), needed), chunk);
      assertThat(whole.formats()).containsExactly(ContentFormat.VHD);
      assertThat(whole.virtualSizeBytes()).hasValue(4 * BLOCK - 500);
      assertThat(whole.violations()).isEmpty();
      assertThat(inspect(image.file(), chunk).violations()).isEmpty();
      assertCutOff(inspect(Arrays.copyOf(image.file(), needed - 1), chunk), needed, needed - 1);
    }
  }

  @Test
  void refusesContentThatIsCutWithinItsTables() {
    var file = dynamic(4, HOLE, HOLE, HOLE).file();

    assertCutOff(inspect(Arrays.copyOf(file, 600), 100), 1536, 600);
    assertCutOff(inspect(Arrays.copyOf(file, 1540), 100), 1552, 1540);
  }

  @Test
  void readsLongTablesInParts() {
    var sectors = new int[40_000];
    Arrays.fill(sectors, HOLE);
    int first = 4 + sectors.length / 128;
    sectors[39_000] = first;
    sectors[20_000] = first + 9;
    sectors[0] = first + 18;
    var file = TestingVhd.dynamic(BLOCK, 0, sectors).file();

    assertThat(inspect(file, 3000).violations()).isEmpty();
    for (int lost : new int[] {512 + 1, 512 + 9 * 512, 512 + 27 * 512, 20_000}) {
      int length = file.length - lost;
      assertCutOff(inspect(Arrays.copyOf(file, length), 3000), file.length - 512, length);
    }
  }

  static Stream<Arguments> unreadable() {
    return Stream.of(
        arguments("no header", dynamic(90, HOLE).withHeader(0, 0)),
        arguments("wrong checksum", dynamic(90, HOLE).with(512 + 40, 1)),
        arguments("header backwards", dynamic(90, HOLE).withFooter(20, 100)),
        arguments("table before the header", dynamic(90, HOLE).moveHeader(4096)),
        arguments("too few entries", dynamic(90, HOLE).withHeader(28, 1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unreadable")
  void followsNoTablesThatCannotBeRead(String name, TestingVhd image) {
    assertThat(inspect(Arrays.copyOf(image.file(), 8000), 1000).violations()).isEmpty();
  }

  @Test
  void refusesHeadersBehindTheEnd() {
    var image = dynamic(4, HOLE).withFooter(16, 0x7fffffff);

    assertThat(inspect(image.file(), 1000).violations())
        .extracting(Violation::check)
        .containsExactly("structure");
  }

  @Test
  void goesByTheCurrentSizeOfFixedDisks() {
    var inspection = inspect(TestingVhd.fixed(5000).file(), 100);

    assertThat(inspection.formats()).containsExactly(ContentFormat.VHD);
    assertThat(inspection.virtualSizeBytes()).hasValue(5000);
    assertThat(inspection.violations()).isEmpty();
  }

  private static void assertCutOff(Inspection inspection, int needed, int length) {
    assertThat(inspection.violations()).containsExactly(cutOff(needed, length));
  }
}
