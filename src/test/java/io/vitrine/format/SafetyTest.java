package io.vitrine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.format.probe.Violation;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule by a sound image with one thing wrong. */
class SafetyTest {
  private static final int DATA_FILE_EXTENSION = 0x44415441;
  private static final int REGIONS = 192 << 10;
  private static final int METADATA = 2 << 20;
  private static final int ITEMS = METADATA + (64 << 10);
  private static final int FOOTER = (64 << 10) - 1024;

  static Stream<Arguments> qcow2() {
    return Stream.of(
        arguments("backing file", TestingImage.qcow2().int64(8, 512), "backing_file"),
        arguments("data file bit", TestingImage.qcow2().int64(72, 4), "data_file"),
        arguments(
            "data file name", TestingImage.qcow2().int32(104, DATA_FILE_EXTENSION), "data_file"),
        arguments(
            "data file name behind other extensions",
            TestingImage.qcow2()
                .int32(104, 0x6803f857)
                .int32(108, 1001)
                .int32(112 + 1008, DATA_FILE_EXTENSION),
            "data_file"),
        arguments(
            "data file name in version 2",
            TestingImage.qcow2().int32(4, 2).int32(72, DATA_FILE_EXTENSION),
            "data_file"),
        arguments("corrupt", TestingImage.qcow2().int64(72, 2), "corrupt"),
        arguments("unknown feature", TestingImage.qcow2().int64(72, 32), "unknown_features"),
        arguments("high feature", TestingImage.qcow2().int64(72, 1L << 63), "unknown_features"),
        arguments("version 1", TestingImage.qcow2().int32(4, 1), "unknown_features"),
        arguments("cluster bits 8", TestingImage.qcow2().int32(20, 8), "structure"),
        arguments("cluster bits -1", TestingImage.qcow2().int32(20, -1), "structure"),
        arguments("negative size", TestingImage.qcow2().int64(24, -1), "structure"),
        arguments("encryption", TestingImage.qcow2().int32(32, 3), "structure"),
        arguments("L1 outside", TestingImage.qcow2().int64(40, 4 << 16), "structure"),
        arguments("L1 overflow", TestingImage.qcow2().int64(40, Long.MAX_VALUE), "structure"),
        arguments("refcounts", TestingImage.qcow2().int32(56, -1), "structure"),
        arguments("short header", TestingImage.qcow2().int32(100, 72), "structure"),
        arguments("long header", TestingImage.qcow2().int32(100, -8), "structure"),
        arguments(
            "endless extension", TestingImage.qcow2().int32(104, 7).int32(108, -1), "structure"),
        arguments("cut off", TestingImage.qcow2().cutTo(100_000), "structure"),
        arguments("cut off in its header", TestingImage.qcow2().cutTo(40), "structure"));
  }

  static Stream<Arguments> vmdk() {
    return Stream.of(
        arguments(
            "flat extent", vmdk("SPARSE \"disk.vmdk\"", "FLAT \"flat.vmdk\" 0"), "descriptor"),
        arguments("path of an extent", vmdk("\"disk.vmdk\"", "\"/etc/passwd\""), "descriptor"),
        arguments("Windows path", vmdk("\"disk.vmdk\"", "\"..\\disk.vmdk\""), "descriptor"),
        arguments("no extent", vmdk("RW 20480 SPARSE", "# SPARSE"), "descriptor"),
        arguments(
            "two extents", vmdk("RW 20480", "RW 1 SPARSE \"other.vmdk\"\nRW 20480"), "descriptor"),
        arguments("unknown line", vmdk("version=1", "version"), "descriptor"),
        arguments("path in a field", vmdk("version=1", "log=\"/var/log\""), "descriptor"),
        arguments("not ASCII", vmdk("disk.vmdk", "d\u00efsk.vmdk"), "descriptor"),
        arguments("no createType", vmdk("createType", "type"), "descriptor"),
        arguments(
            "two createTypes", vmdk("version=1", "createType=\"streamOptimized\""), "descriptor"),
        arguments("parent id", vmdk("ffffffff", "12345678"), "parent"),
        arguments(
            "parent in a comment",
            vmdk("# Extent", "# parentFileNameHint=\"base.vmdk\" Extent"),
            "parent"),
        arguments("no capacity", TestingImage.vmdk().int64(12, 0), "structure"),
        arguments("overflow", TestingImage.vmdk().int64(12, Long.MAX_VALUE), "structure"),
        arguments("version", TestingImage.vmdk().int32(4, 4), "version"),
        arguments("elsewhere", TestingImage.vmdk().int64(28, 3), "descriptor"),
        arguments("4 GiB descriptor", TestingImage.vmdk().int64(36, 8 << 20), "descriptor"),
        arguments("empty descriptor", TestingImage.vmdk().int64(36, 0), "descriptor"),
        arguments(
            "text longer than told",
            TestingImage.vmdk(TestingImage.DESCRIPTOR + "#".repeat(600)).int64(36, 1),
            "descriptor"),
        arguments("cut off in its header", TestingImage.vmdk().cutTo(300), "structure"),
        arguments("footer", TestingImage.streamOptimized().int64(FOOTER + 28, 2), "footer"),
        arguments(
            "footer capacity", TestingImage.streamOptimized().int64(FOOTER + 12, 0), "footer"),
        arguments("second footer", TestingImage.streamOptimized().int64(FOOTER + 56, -1), "footer"),
        arguments(
            "footer marker", TestingImage.streamOptimized().int8(FOOTER - 512 + 8, 1), "footer"),
        arguments(
            "end marker", TestingImage.streamOptimized().int8(FOOTER + 512 + 99, 1), "footer"),
        arguments("part of a sector", unaligned(), "footer"),
        arguments("no footer", TestingImage.streamOptimized().cutTo(8192), "footer"),
        arguments("shorter than a footer", TestingImage.streamOptimized().cutTo(1024), "footer"),
        arguments(
            "descriptor alone",
            TestingImage.zeros(1000).text(0, TestingImage.DESCRIPTOR),
            "descriptor"),
        arguments(
            "descriptor alone, disguised",
            TestingImage.zeros(20_000)
                .text(0, "#" + "\u00e9".repeat(9000) + "\ncreateType=\"monolithicFlat\""),
            "descriptor"),
        arguments("ESX extent", TestingImage.zeros(1000).text(0, "COWD"), "create_type"));
  }

  static Stream<Arguments> gpt() {
    return Stream.of(
        arguments("boot flag", TestingImage.mbr().int8(446, 1), "mbr"),
        arguments("first CHS", TestingImage.gpt().int8(447, 1), "mbr"),
        arguments("first block", TestingImage.gpt().int32(454, 2), "mbr"),
        arguments("extra partition", TestingImage.gpt().partition(2, 0, 0x83), "mbr"),
        arguments(
            "second is protective", TestingImage.mbr().partition(1, 0, 0xee).int32(470, 1), "mbr"),
        arguments("no partition", TestingImage.zeros(512).hex(510, "55aa"), "mbr"));
  }

  static Stream<Arguments> others() {
    return Stream.of(
        arguments("differencing VHD", TestingImage.vhd().int32(60, 4), "parent"),
        arguments("VHD footer", TestingImage.vhd().int64(48, 512), "structure"),
        arguments("VHD size", TestingImage.vhd().int64(48, -1), "structure"),
        arguments("VHD cut off", TestingImage.vhd().cutTo(100), "structure"),
        arguments("differencing VHDX", TestingImage.vhdx().int32(ITEMS + 4, 2), "parent"),
        arguments("VHDX size", TestingImage.vhdx().int64(ITEMS + 8, -1), "structure"),
        arguments("VHDX cut off", TestingImage.vhdx().cutTo(METADATA + 50), "structure"),
        arguments("VHDX regions", TestingImage.vhdx().int32(REGIONS + 8, -1).sealed(), "structure"),
        arguments("VHDX no regions", TestingImage.vhdx().int32(REGIONS, 0).sealed(), "structure"),
        arguments(
            "VHDX backwards", TestingImage.vhdx().int64(REGIONS + 64, 512).sealed(), "structure"),
        arguments(
            "VHDX overflow", TestingImage.vhdx().int64(REGIONS + 64, -1).sealed(), "structure"),
        arguments("VHDX items", TestingImage.vhdx().int16(METADATA + 10, -1), "structure"),
        arguments("VHDX item offset", TestingImage.vhdx().int32(METADATA + 80, 8), "structure"),
        arguments("VDI of another type", TestingImage.vdi().int32(0x4c, 4), "parent"),
        arguments("VDI with a parent", TestingImage.vdi().int8(0x1b8, 1), "parent"),
        arguments("VDI with a link", TestingImage.vdi().int8(0x1a8, 1), "parent"),
        arguments("VDI size", TestingImage.vdi().int64(0x170, -1), "structure"),
        arguments("VDI cut off", TestingImage.vdi().cutTo(100), "structure"),
        arguments("LUKS 3", TestingImage.luks().int16(6, 3), "version"),
        arguments("LUKS payload", TestingImage.luks().int32(104, -1), "structure"),
        arguments("LUKS cut off", TestingImage.luks().cutTo(60), "structure"),
        arguments("QED", TestingImage.qed(), "banned"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"qcow2", "vmdk", "gpt", "others"})
  void refuses(String name, TestingImage image, String check) {
    var violations = image.inspect().violations();

    assertThat(violations).as(name).extracting(Violation::check).containsOnly(check);
  }

  static Stream<Arguments> accepted() {
    return Stream.of(
        arguments("qcow2 version 2", TestingImage.qcow2().int32(4, 2)),
        arguments("dirty", TestingImage.qcow2().int64(72, 1)),
        arguments("zstd", TestingImage.qcow2().int64(72, 8).int32(100, 112).int8(104, 1)),
        arguments("extended L2", TestingImage.qcow2().int64(72, 16)),
        arguments("encrypted qcow2", TestingImage.qcow2().int32(32, 2)),
        arguments(
            "extensions to the end of a small cluster",
            TestingImage.qcow2().int32(20, 9).int32(36, 320).int32(104, 7).int32(108, 400)),
        arguments("VHD without footer", TestingImage.vhd().cutTo(4000)),
        arguments(
            "VMDK with Windows line ends",
            TestingImage.vmdk(TestingImage.DESCRIPTOR.replace("\n", "\r\n"))),
        arguments("VMDK in capitals", vmdk("createType", "CREATETYPE")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("accepted")
  void accepts(String name, TestingImage image) {
    assertThat(image.inspect().violations()).as(name).isEmpty();
  }

  private static TestingImage vmdk(String sound, String replacement) {
    return TestingImage.vmdk(TestingImage.DESCRIPTOR.replace(sound, replacement));
  }

  /** A sound footer in the last bytes, which do not end where a sector does. */
  private static TestingImage unaligned() {
    return TestingImage.streamOptimized()
        .cutTo((64 << 10) + 100)
        .int32(FOOTER - 512 + 12, 0)
        .text(FOOTER, "\0".repeat(64))
        .int32(FOOTER - 412 + 12, 3)
        .sparseHeader(FOOTER + 100);
  }
}
