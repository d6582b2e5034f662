package io.vitrine.format;

import static io.vitrine.format.TestingImage.DISK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatRulesTest {
  private final FormatRules rules = new FormatRules(TestingFormatConfig.DEFAULT);
  private final FormatRules lenient =
      new FormatRules(new FormatConfig(false, List.of("streamOptimized"), List.of("mbr"), false));

  static Stream<Arguments> matches() {
    return Stream.of(
        arguments("qcow2", TestingImage.qcow2(), DISK_BYTES, "qcow2"),
        arguments("vhd", TestingImage.vhd(), DISK_BYTES, "vpc"),
        arguments("vhd", TestingImage.fixedVhd(TestingImage.mbr()), 65536, "vpc"),
        arguments("vhdx", TestingImage.vhdx(), DISK_BYTES, "vhdx"),
        arguments("vmdk", TestingImage.vmdk(), DISK_BYTES, "vmdk"),
        arguments("vmdk", TestingImage.streamOptimized(), DISK_BYTES, "vmdk"),
        arguments("vdi", TestingImage.vdi(), DISK_BYTES, "vdi"),
        arguments("iso", TestingImage.iso(), 65536, "raw"),
        arguments("gpt", TestingImage.gpt(), 65536, "raw"),
        arguments("luks", TestingImage.luks(), 61440, "luks"),
        arguments("luks", TestingImage.luks2(), 65536 - 32768, "luks"),
        arguments("raw", TestingImage.luks(), 65536, "raw"),
        arguments("raw", TestingImage.luks2(), 65536, "raw"),
        arguments("vhd", TestingImage.fixedVhd(TestingImage.iso()), 65536, "vpc"),
        arguments("vhd", TestingImage.fixedVhd(TestingImage.luks2()), 65536, "vpc"),
        arguments("raw", TestingImage.zeros(700), 700, "raw"),
        arguments("raw", TestingImage.gpt(), 65536, "raw"),
        arguments("raw", TestingImage.iso(), 65536, "raw"),
        arguments("raw", TestingImage.qcow2(), 4 << 16, "raw"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("matches")
  void acceptsContentAsDeclared(
      String declared, TestingImage image, long virtualSizeBytes, String sourceFormat) {
    var inspection = image.inspect();

    assertThat(rules.accept(inspection, declared, "bare")).hasValue(virtualSizeBytes);
    assertThat(lenientButForVmdk().accept(inspection, declared, "bare")).hasValue(virtualSizeBytes);
    assertThat(rules.sourceFormat(inspection, declared)).isEqualTo(sourceFormat);
  }

  @ParameterizedTest
  @ValueSource(strings = {"qcow2", "vhd", "vhdx", "vmdk", "vdi", "iso", "gpt", "luks"})
  void refusesUnformattedContentDeclaredAsSomething(String declared) {
    var inspection = TestingImage.zeros(1 << 20).inspect();

    assertRefused(() -> rules.accept(inspection, declared, "bare"), "declared as " + declared);
    assertRefused(() -> lenient.sourceFormat(inspection, declared), "declared as " + declared);
    assertThat(lenient.accept(inspection, declared, "bare")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ami", "aki", "ari", "ploop"})
  void cannotInspectSomeFormats(String declared) {
    assertThat(rules.accept(TestingImage.zeros(700).inspect(), declared, "bare")).isEmpty();
    assertThat(rules.accept(TestingImage.mbr().inspect(), declared, "bare")).isEmpty();
    assertRefused(
        () -> rules.accept(TestingImage.qcow2().inspect(), declared, "bare"), "content is qcow2");
    assertRefused(
        () -> rules.sourceFormat(TestingImage.zeros(700).inspect(), declared), "content is raw");
  }

  @Test
  void refusesAnotherFormatThanDeclared() {
    var inspection = TestingImage.vdi().inspect();

    assertRefused(() -> rules.accept(inspection, "qcow2", "bare"), "but its content is vdi");
    assertRefused(() -> lenient.sourceFormat(inspection, "qcow2"), "but its content is vdi");
    assertThat(lenient.accept(inspection, "qcow2", "bare")).isEmpty();
  }

  @Test
  void refusesContentOfTwoFormatsWhateverIsDeclared() {
    var inspection = TestingImage.qcow2().text((32 << 10) + 1, "CD001").inspect();

    assertRefused(() -> rules.accept(inspection, "qcow2", "bare"), "(qcow2, iso)");
    assertRefused(() -> rules.accept(inspection, "raw", "bare"), "(qcow2, iso)");
    assertRefused(() -> lenient.accept(inspection, "raw", "bare"), "(qcow2, iso)");
    assertRefused(() -> rules.sourceFormat(inspection, "raw"), "(qcow2, iso)");
  }

  @Test
  void takesABootableIsoForAnIsoWhateverItsPartitionsAre() {
    var image = TestingImage.mbr().int8(446, 7).int8(32 << 10, 1).text((32 << 10) + 1, "CD001");

    assertThat(rules.accept(image.inspect(), "iso", "bare")).hasValue(65536);
    assertRefused(() -> rules.accept(image.inspect(), "gpt", "bare"), "content is iso");
  }

  @Test
  void refusesUnsafeContentWhateverIsDeclaredAndSet() {
    var inspection = TestingImage.qcow2().int64(8, 512).inspect();

    assertRefused(() -> rules.accept(inspection, "qcow2", "bare"), "has a backing file");
    assertRefused(() -> rules.accept(inspection, "raw", "bare"), "has a backing file");
    assertRefused(() -> lenient.accept(inspection, "vdi", "bare"), "has a backing file");
    assertRefused(() -> rules.sourceFormat(inspection, "raw"), "has a backing file");
  }

  @Test
  void letsTheOperatorForgiveChecksOfPartitionTables() {
    var inspection = TestingImage.zeros(512).hex(510, "55aa").inspect();

    assertRefused(() -> rules.accept(inspection, "gpt", "bare"), "without partitions");
    assertThat(lenient.accept(inspection, "gpt", "bare")).hasValue(512);
  }

  @Test
  void forgivesNothingElseThatHasTheSameName() {
    var inspection = TestingImage.qcow2().int64(8, 512).inspect();
    var forgiving =
        new FormatRules(new FormatConfig(true, List.of(), List.of("backing_file"), true));

    assertRefused(() -> forgiving.accept(inspection, "qcow2", "bare"), "has a backing file");
  }

  @Test
  void acceptsOnlyTheCreateTypesThatAreSet() {
    var sparse = TestingImage.vmdk().inspect();
    var stream = TestingImage.streamOptimized().inspect();

    assertRefused(() -> lenient.accept(sparse, "vmdk", "bare"), "createType");
    assertThat(lenient.accept(stream, "vmdk", "bare")).hasValue(DISK_BYTES);
    assertRefused(
        () ->
            new FormatRules(new FormatConfig(true, List.of(), List.of(), false))
                .accept(stream, "vmdk", "bare"),
        "createType");
  }

  @Test
  void refusesFlatVmdkEvenIfItsCreateTypeIsSet() {
    var descriptor = TestingImage.DESCRIPTOR.replace("monolithicSparse", "monolithicFlat");
    var inspection = TestingImage.zeros(1000).text(0, descriptor).inspect();
    var flat = new FormatRules(new FormatConfig(true, List.of("monolithicFlat"), List.of(), false));

    assertRefused(() -> flat.accept(inspection, "vmdk", "bare"), "names other files");
  }

  @Test
  void looksOnlyAtBareContent() {
    var inspection = TestingImage.qcow2().int64(8, 512).inspect();

    assertThat(rules.accept(inspection, "qcow2", "ova")).isEmpty();
  }

  @Test
  void knowsNoVirtualSizeOfNothing() {
    assertThat(rules.accept(TestingImage.zeros(0).inspect(), "raw", "bare")).isEmpty();
  }

  private static FormatRules lenientButForVmdk() {
    return new FormatRules(
        new FormatConfig(false, TestingFormatConfig.DEFAULT.vmdkAllowedTypes(), List.of(), false));
  }

  private static void assertRefused(ThrowingCallable call, String reason) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ProblemException.class,
            refusal -> assertThat(refusal.problem()).isInstanceOf(Problem.UnsupportedContent.class))
        .hasMessageContaining(reason);
  }
}
