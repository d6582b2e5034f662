package io.vitrine.format.vdi;

import static io.vitrine.format.TestingInspection.cutOff;
import static io.vitrine.format.TestingInspection.inspect;
import static io.vitrine.format.vdi.TestingVdi.FREE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.Violation;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VdiProbeTest {
  private static final int BLOCK = 4096;

  static Stream<Arguments> lengths() {
    return Stream.of(
        arguments("dynamic", TestingVdi.dynamic(BLOCK, 1, FREE, 0), 1024 + 2 * BLOCK),
        arguments("dynamic and empty", TestingVdi.dynamic(BLOCK, FREE, FREE), 520),
        arguments("static", TestingVdi.fixed(BLOCK, 3), 1024 + 3 * BLOCK - 500));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lengths")
  void refusesCutContent(String name, TestingVdi image, int needed) {
    var file = image.file(500);

    var whole = inspect(Arrays.copyOf(file, needed));
    assertThat(whole.formats()).containsExactly(ContentFormat.VDI);
    assertThat(whole.virtualSizeBytes()).hasValue(image.disk(500).length);
    assertThat(whole.violations()).isEmpty();
    assertThat(inspect(Arrays.copyOf(file, needed - 1)).violations())
        .containsExactly(cutOff(needed, needed - 1));
  }

  @Test
  void refusesContentThatCannotBeAsLongAsItMust() {
    var image =
        TestingVdi.dynamic(BLOCK, 0).with(0x178, -1).with(0x17c, -1).with(0x184, -1).file(0);

    assertThat(inspect(image).violations())
        .containsExactly(
            new Violation(
                "structure", "is cut off: needs 9223372036854775807 bytes, has " + image.length));
  }

  @Test
  void keepsWhatLiesBehindTheBlocks() {
    var file = TestingVdi.dynamic(BLOCK, 1, FREE, 0).file(0);

    assertThat(inspect(Arrays.copyOf(file, file.length + 9000)).violations()).isEmpty();
  }
}
