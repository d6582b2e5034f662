package io.vitrine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.image.problem.ProblemException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What real first sectors that end in 55 AA hold. */
class BootSectorsTest {
  private static final int SIZE_BYTES = 64 << 10;

  private final FormatRules rules = new FormatRules(TestingFormatConfig.DEFAULT);
  private final FormatRules strict =
      new FormatRules(new FormatConfig(true, List.of(), List.of(), true));

  /** Broken as partition tables, and sound as anything else. */
  static Stream<Arguments> noTables() {
    return Stream.of(
        arguments("NTFS", boot("eb52904e54465320202020").int8(0x15, 0xf8).code()),
        arguments("exFAT", boot("eb76904558464154202020").code()),
        arguments("FAT12 floppy", boot("eb3c906d6b66732e666174").int8(0x10, 2).int8(0x15, 0xf0)),
        arguments("FAT with one table", boot("eb58904d53444f53").int8(0x10, 1).int8(0x15, 0xf8)),
        arguments("ReFS", boot("000000526546530000000000")),
        arguments("ext4 with extlinux", boot("eb58904558544c494e5558").code()),
        arguments("btrfs with GRUB", boot("eb6390").code()),
        arguments("FreeBSD's boot1", boot("ebfc31c08ec08ed88ed0").partition(3, 0x80, 0xa5).code()),
        arguments("no partitions", boot("33c08ed0bc007c")),
        arguments("nothing but the signature", boot("")),
        arguments("boot loader without a table", boot("eb00").int8(0x1be, 0x31).int8(0x1ce, 0xc0)),
        arguments("Linux kernel", boot("4d5aea0700c0078cc88ed8").text(0x202, "HdrS").code()),
        arguments("memdisk", boot("eb3c").int8(0x1fe - 64, 0x7f)),
        arguments("hybrid GPT", TestingImage.gpt().partition(1, 0x80, 0xef)),
        arguments("two protective entries", TestingImage.gpt().partition(3, 0, 0xee)),
        arguments("protective entry last", boot("").partition(3, 0, 0xee).int32(494 + 8, 1)),
        arguments("GPT of fdisk before 2.31", TestingImage.gpt().hex(447, "000100")),
        arguments("GPT at CHS 1023/254/63", TestingImage.gpt().hex(447, "feffff")),
        arguments("GPT of Apple's tools", TestingImage.gpt().hex(447, "fefffe")),
        arguments("GPT that starts at block 0", TestingImage.gpt().int32(454, 0)),
        arguments("GPT that a BIOS boots", TestingImage.gpt().int8(446, 0x81)),
        arguments("random bytes", boot("").code().text(0, "random")));
  }

  static Stream<Arguments> tables() {
    return Stream.of(
        arguments("legacy table", TestingImage.mbr()),
        arguments("GPT", TestingImage.gpt()),
        arguments("GPT that a BIOS boots", TestingImage.gpt().int8(446, 0x80)),
        arguments("extended partition alone", boot("").partition(0, 0, 0x0f)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"noTables", "tables"})
  void areRawData(String name, TestingImage image) {
    var inspection = image.inspect();

    assertThat(rules.accept(inspection, "raw", "bare")).as(name).hasValue(SIZE_BYTES);
    assertThat(rules.sourceFormat(inspection, "raw")).isEqualTo("raw");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"noTables", "tables"})
  void areKernelsAndRamdisks(String name, TestingImage image) {
    for (var declared : List.of("aki", "ari", "ami", "ploop")) {
      assertThat(rules.accept(image.inspect(), declared, "bare")).as(name + declared).isEmpty();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"noTables", "tables"})
  void areDataOfFixedDisks(String name, TestingImage image) {
    var disk = TestingImage.fixedVhd(image).inspect();

    assertThat(rules.accept(disk, "vhd", "bare")).as(name).hasValue(SIZE_BYTES);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("noTables")
  void areNoGpt(String name, TestingImage image) {
    assertRefused(rules, image, "gpt");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tables")
  void areGpt(String name, TestingImage image) {
    assertThat(rules.accept(image.inspect(), "gpt", "bare")).as(name).hasValue(SIZE_BYTES);
    assertThat(strict.accept(image.inspect(), "raw", "bare")).as(name).hasValue(SIZE_BYTES);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("noTables")
  void areRefusedWhereTheChecksAlwaysHold(String name, TestingImage image) {
    assertRefused(strict, image, "raw");
    assertRefused(strict, image, "ami");
    assertRefused(strict, TestingImage.fixedVhd(image), "vhd");
  }

  @Test
  void areNoOtherFormatThanDeclared() {
    assertRefused(rules, boot("eb52904e544653"), "qcow2");
    assertRefused(rules, boot("eb52904e544653"), "iso");
  }

  @Test
  void mayBeginAnIsoWhateverIsChecked() {
    var hybrid = TestingImage.gpt().partition(1, 0x80, 0xef).isoVolume(32 << 10, 32);

    assertThat(strict.accept(hybrid.inspect(), "iso", "bare")).hasValue(SIZE_BYTES);
    assertThat(strict.accept(hybrid.inspect(), "raw", "bare")).hasValue(SIZE_BYTES);
  }

  @Test
  void mayBeChanceInTheSaltsOfLuks() {
    for (var luks : List.of(TestingImage.luks(), TestingImage.luks2())) {
      var inspection = luks.hex(510, "55aa").inspect();

      assertThat(rules.accept(inspection, "raw", "bare")).hasValue(SIZE_BYTES);
      assertThat(rules.accept(inspection, "luks", "bare")).isNotEmpty();
      assertThat(strict.accept(inspection, "raw", "bare")).hasValue(SIZE_BYTES);
    }
  }

  private static TestingImage boot(String jump) {
    return TestingImage.zeros(SIZE_BYTES).hex(0, jump).hex(510, "55aa");
  }

  private static void assertRefused(FormatRules rules, TestingImage image, String declared) {
    var inspection = image.inspect();
    assertThatThrownBy(() -> rules.accept(inspection, declared, "bare"))
        .as(declared)
        .isInstanceOf(ProblemException.class);
  }
}
