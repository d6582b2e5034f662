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
import org.junit.jupiter.params.provider.ValueSource;

/** Encrypted disks of version 1 and 2. */
class LuksTest {
  private final FormatRules rules = new FormatRules(TestingFormatConfig.DEFAULT);

  @Test
  void readsTheSizeOfTheOnlySegment() {
    var fixed = segment("\"0\" : { \"size\" : \"4096\", \"offset\" : \"40960\" }");

    assertThat(rules.accept(fixed.inspect(), "luks", "bare")).hasValue(4096);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"0\":{\"offset\":\"32768\"}",
        "\"0\":{\"size\":\"dynamic\"}",
        "\"0\":{\"offset\":32768,\"size\":\"dynamic\"}",
        "\"0\":{\"offset\":\"-1\",\"size\":\"dynamic\"}",
        "\"0\":{\"offset\":\"1111111111111111111\",\"size\":\"dynamic\"}",
        "\"0\":{\"offset\":\"32768\",\"size\":\"512\",\"integrity\":{\"type\":\"aead\"}}",
        "\"0\":{\"offset\":\"32768\",\"size\":\"512\"},\"1\":{\"offset\":\"32768\",\"size\":\"512\"}"
      })
  void knowsNoSizeOfOtherSegments(String segments) {
    assertThat(rules.accept(segment(segments).inspect(), "luks", "bare")).isEmpty();
  }

  @Test
  void boundsTheTextThatItReads() {
    var json = "\"segments\":{".repeat(30_000);

    assertThat(rules.accept(TestingImage.luks2("{}").inspect(), "luks", "bare")).isEmpty();
    assertThat(
            rules.accept(
                TestingImage.luks2("{}").cutTo(1 << 20).text(4096, json).inspect(), "luks", "bare"))
        .isEmpty();
  }

  static Stream<Arguments> unsound() {
    return Stream.of(
        arguments("no header", TestingImage.luks2().int64(8, 0), "impossible size"),
        arguments("odd header", TestingImage.luks2().int64(8, 16385), "impossible size"),
        arguments("endless header", TestingImage.luks2().int64(8, 1L << 63), "impossible size"),
        arguments("in its header", TestingImage.luks2().cutTo(100), "ends within its header"),
        arguments("in its copy", TestingImage.luks2().cutTo(32767), "needs 32768 bytes, has 32767"),
        arguments(
            "in its disk",
            segment("\"0\":{\"offset\":\"32768\",\"size\":\"65536\"}"),
            "needs 98304 bytes, has 65536"),
        arguments(
            "before its disk",
            segment("\"0\":{\"offset\":\"99999\",\"size\":\"dynamic\"}"),
            "needs 99999 bytes, has 65536"),
        arguments(
            "overflow",
            segment("\"0\":{\"offset\":\"%1$s\",\"size\":\"%1$s\"}".formatted("9".repeat(18))),
            "is cut off"),
        arguments("version 1", TestingImage.luks().int32(104, 129), "needs 66048 bytes, has 65536"),
        arguments("version 3", TestingImage.luks2().int16(6, 3), "is LUKS version 3"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unsound")
  void refusesUnsoundDisksOnlyWhereDeclared(String name, TestingImage image, String reason) {
    var inspection = image.inspect();

    assertThatThrownBy(() -> rules.accept(inspection, "luks", "bare"))
        .as(name)
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(reason);
    assertThat(rules.accept(inspection, "raw", "bare")).hasValue(inspection.sizeBytes());
    assertThat(rules.accept(inspection, "ami", "bare")).isEmpty();
  }

  private static TestingImage segment(String segments) {
    return TestingImage.luks2("{\"segments\":{" + segments + "},\"digests\":{}}");
  }
}
