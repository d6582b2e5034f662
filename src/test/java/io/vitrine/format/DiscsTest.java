package io.vitrine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.image.problem.ProblemException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Optical discs, whole and cut off. */
class DiscsTest {
  private static final int FIRST = 32 << 10;
  private static final int SECOND = FIRST + 2048;

  private final FormatRules rules = new FormatRules(TestingFormatConfig.DEFAULT);

  static Stream<Arguments> whole() {
    return Stream.of(
        arguments("exactly its blocks", TestingImage.iso(32)),
        arguments("padded, or with a later session", TestingImage.iso(20)),
        arguments("boots from disks", TestingImage.iso(32).hex(510, "55aa")),
        arguments("a boot record first", bootRecordFirst(32)),
        arguments("no numbers", TestingImage.iso()),
        arguments("copies that differ", TestingImage.iso(99).int32(FIRST + 84, 0)),
        arguments("sizes that differ", TestingImage.iso(99).int16(FIRST + 130, 0)),
        arguments("blocks of an odd size", TestingImage.iso(99).int16(FIRST + 128, 2047)),
        arguments("UDF alone", TestingImage.iso(99).text(FIRST + 1, "BEA01")),
        arguments("part of a UDF", TestingImage.iso(99).text(FIRST + 1, "NSR02")),
        arguments("no primary descriptor", TestingImage.iso(99).int8(FIRST, 255)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("whole")
  void acceptsWholeDiscs(String name, TestingImage image) {
    assertThat(rules.accept(image.inspect(), "iso", "bare")).as(name).hasValue(65536);
  }

  static Stream<Arguments> cut() {
    return Stream.of(
        arguments("one block", TestingImage.iso(33), 67584, 65536),
        arguments("one byte", TestingImage.iso(32).cutTo(65535), 65536, 65535),
        arguments("most blocks", TestingImage.iso(-1), 0xffff_ffffL * 2048, 65536),
        arguments("a boot record first", bootRecordFirst(40), 81920, 65536),
        arguments(
            "in its descriptor", TestingImage.iso(32).cutTo(FIRST + 6), FIRST + 2048, FIRST + 6),
        arguments(
            "after a boot record",
            bootRecordFirst(32).cutTo(SECOND + 9),
            SECOND + 2048,
            SECOND + 9));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cut")
  void refusesDiscsThatAreCutOff(String name, TestingImage image, long needed, long found) {
    var inspection = image.inspect();

    assertThatThrownBy(() -> rules.accept(inspection, "iso", "bare"))
        .as(name)
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("is cut off: needs %d bytes, has %d".formatted(needed, found));
    assertThat(rules.accept(inspection, "raw", "bare")).hasValue(found);
  }

  @Test
  void readsNoMoreDescriptorsThanItMust() {
    var endless = TestingImage.zeros(1 << 20);
    for (int at = FIRST; at < 1 << 20; at += 2048) {
      endless.int8(at, 2).text(at + 1, "CD001");
    }

    assertThat(rules.accept(endless.inspect(), "iso", "bare")).hasValue(1 << 20);
  }

  private static TestingImage bootRecordFirst(int blocks) {
    return TestingImage.iso().int8(FIRST, 0).isoVolume(SECOND, blocks);
  }
}
