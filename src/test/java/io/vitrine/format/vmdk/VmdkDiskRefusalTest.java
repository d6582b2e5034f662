package io.vitrine.format.vmdk;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.mapped.DiskSubject;
import io.vitrine.format.vmdk.TestingVmdk.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fault by a sound image with one thing wrong. */
class VmdkDiskRefusalTest {
  private static final String NO_DESCRIPTOR = "has no VMDK descriptor";

  private final DiskSubject vmdk = DiskSubject.of(VmdkDisk::open);

  static Stream<Arguments> descriptors() {
    return Stream.of(
        arguments("absent", sparse().int64(28, 0), NO_DESCRIPTOR),
        arguments("elsewhere", sparse().int64(28, 2), NO_DESCRIPTOR),
        arguments("empty", sparse().int64(36, 0), NO_DESCRIPTOR),
        arguments("long", sparse().int64(36, 2049), NO_DESCRIPTOR),
        arguments("without end", sparse().text(512, "#".repeat(1024)), NO_DESCRIPTOR),
        arguments("parent", sparse().describe("ffffffff", "12345678"), "depends on a parent"),
        arguments(
            "flat",
            sparse().describe("monolithicSparse", "monolithicFlat"),
            "createType monolithicflat; only"),
        arguments(
            "raw device", sparse().describe("SPARSE \"disk", "FLAT \"/dev/sda"), "lines that"),
        arguments(
            "two extents",
            sparse().describe("\nddb", "\nRW 1 SPARSE \"a\"\nddb"),
            "exactly one extent"));
  }

  static Stream<Arguments> headers() {
    return Stream.of(
        arguments("magic", sparse().int32(0, 0), "is no VMDK"),
        arguments("ESX extent", sparse().text(0, "COWD"), "of an ESX host"),
        arguments("text", sparse().text(0, "# Disk DescriptorFile\n"), "names other files"),
        arguments("version", sparse().int32(4, 9), "version at offset 4: 9 is not between"),
        arguments("overhead", footer().int64(64, 2), "overHead at offset 64: 2 lies in the"),
        arguments("directory", sparse().int64(56, 1 << 20), "is cut off: needs"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"descriptors", "headers"})
  void refusesToOpen(String name, TestingVmdk image, String reason) {
    vmdk.refuses(image.toBytes(), reason);
  }

  static Stream<Arguments> entries() {
    var at = sparse();
    return Stream.of(
        arguments(
            "grain in the metadata",
            sparse().entry(9, 4),
            "entry of grain 9 at offset %d: sector 4 lies".formatted(at.entryAt(9))),
        arguments("zeros without the flag", sparse().int32(8, 3).entry(9, 1), "sector 1 lies in"),
        arguments("grain past the end", sparse().entry(9, 2000), "is cut off: needs 1025024"),
        arguments(
            "table past the end", sparse().int32(at.directoryAt() + 8, 9999), "is cut off: needs"),
        arguments(
            "compressed grain past the end", stream().entry(9, 2000), "is cut off: needs 1024016"));
  }

  static Stream<Arguments> markers() {
    int grain = stream().grainAt(9);
    int last = stream().grainAt(20);
    return Stream.of(
        arguments("grain far past the end", sparse().entry(9, -1), "is cut off: needs 2199"),
        arguments("LBA", stream().int64(grain, 16), "%d: 16 is not that of".formatted(grain)),
        arguments("one grain twice", stream().entry(10, grain / 512), "18 is not that of the g"),
        arguments("no data", stream().int32(grain + 8, 0), "size of a grain marker at offset"),
        arguments("much data", stream().int32(grain + 8, 2049), "2049 is not between 1 and 2048"),
        arguments("negative", stream().int32(grain + 8, -1), "-1 is not between 1 and 2048"),
        arguments("cut data", stream().int32(grain + 8, 100), "inflated: it ends after"),
        arguments("no checksum", stream().int32(last + 8, storedBytes(last) - 1), "it is cut off"),
        arguments("no zlib", stream().int8(grain + 12, 1), "data of a grain at offset"),
        arguments("wrong byte", stream().int8(grain + 200, 1), "cannot be inflated"),
        arguments("long grain", filled(9, 1025), "it is longer than its grain"),
        arguments("short grain", filled(9, 1023), "it ends after 1023 bytes"),
        arguments("long last grain", filled(20, 1025), "it is longer than its grain"),
        arguments("short last grain", filled(20, 511), "it ends after 511 bytes"));
  }

  static Stream<Arguments> footers() {
    int footer = footer().footerAt();
    return Stream.of(
        arguments("marker", footer().int32(footer - 500, 2), "does not end with the markers"),
        arguments("end", footer().int8(footer + 600, 1), "does not end with the markers"),
        arguments("magic", footer().int32(footer, 0), "footer that contradicts its header"),
        arguments("capacity", footer().int64(footer + 12, 40), "contradicts its header"),
        arguments("compression", footer().int8(footer + 77, 0), "contradicts its header"),
        arguments("no directory", footer().int64(footer + 56, -1), "contradicts its header"),
        arguments(
            "directory", footer().int64(footer + 56, 0), "gdOffset at offset " + (footer + 56)),
        arguments("directory outside", footer().int64(footer + 56, 9999), "is cut off: needs"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"entries", "markers", "footers"})
  void refusesToRead(String name, TestingVmdk image, String reason) throws IOException {
    var disk = VmdkDisk.open(ArrivingSource.complete(image.toBytes()));

    assertThatThrownBy(() -> disk.read(0, ByteBuffer.allocate((int) disk.sizeBytes())))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining(reason);
  }

  static Stream<Arguments> overlaps() {
    var at = sparse();
    int table = at.tableAt(2) / 512;
    return Stream.of(
        arguments("grain twice", sparse().entry(10, at.grainAt(9) / 512), "overlaps something"),
        arguments("half a grain", sparse().entry(10, at.grainAt(9) / 512 + 1), "overlaps somethi"),
        arguments("grain on a table", sparse().int64(64, 0).entry(10, table), "overlaps something"),
        arguments("table twice", sparse().int32(at.directoryAt(), table), "grain table 2 at posit"),
        arguments("table in the text", sparse().int32(at.directoryAt(), 1), "grain table 0 at pos"),
        arguments("directory in the text", sparse().int64(56, 2), "the grain directory at positi"),
        arguments(
            "compressed grain on a table",
            stream().int64(64, 0).entry(10, stream().tableAt(2) / 512),
            "overlaps something"));
  }

  static Stream<Arguments> walks() {
    int grain = footer().grainAt(9);
    int table = footer().tableAt(0) - 512;
    return Stream.of(
        arguments("LBA between grains", footer().int64(grain, 17), "17 is not that of a grain"),
        arguments("negative LBA", footer().int64(grain, -2), "-2 is not that of a grain"),
        arguments("LBA past the end", footer().int64(grain, 42), "42 is not that of a grain"),
        arguments("LBA twice", footer().int64(grain, 2), "2 comes a second time"),
        arguments("other LBA", footer().int64(grain, 6), "entry of grain 3 at offset"),
        arguments("much data", footer().int32(grain + 8, 2049), "2049 is not between 1 and 2048"),
        arguments("type", footer().int32(table + 12, 4), "%d: 4 is unknown".formatted(table + 12)),
        arguments("negative type", footer().int32(table + 12, -1), "-1 is unknown"),
        arguments("metadata", footer().int64(table, -1), "-1 is no possible number of sectors"),
        arguments("long", footer().int64(table, 1L << 32), "length of a marker at offset " + table),
        arguments("outside", footer().int64(table, 1 << 20), "is cut off: needs"),
        arguments("unmapped", footer().entry(9, 0), "it says sector 0, but the grain is at sector"),
        arguments(
            "unmet", footer().entry(10, 3), "it says sector 3, but the grain is at sector 0"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"overlaps", "walks", "entries", "footers"})
  void refusesToGoByFileOrder(String name, TestingVmdk image, String reason) throws IOException {
    var disk = VmdkDisk.open(ArrivingSource.complete(image.toBytes()));

    assertThatThrownBy(
            () -> {
              var extents = disk.dataInFileOrder();
              for (var next = extents.next(); next.isPresent(); next = extents.next()) {
                disk.read(next.get().offset(), ByteBuffer.allocate((int) next.get().lengthBytes()));
              }
            })
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void refusesManyTablesBehindTheEnd() {
    int tables = 70_000;
    var image = sparse();
    int directoryAt = image.toBytes().length;
    image.int64(12, (long) tables * TestingVmdk.ENTRIES * TestingVmdk.GRAIN / TestingVmdk.SECTOR);
    image.int64(56, directoryAt / TestingVmdk.SECTOR);
    var file = Arrays.copyOf(image.toBytes(), directoryAt + tables * Integer.BYTES);
    var directory = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(directoryAt);
    for (int table = 1; directory.hasRemaining(); table++) {
      directory.putInt(table * 4096);
    }

    vmdk.refuses(file, "is cut off");
  }

  @Test
  void refusesManyLines() {
    var text = VmdkDescriptor.streamOptimized(37, 1);

    assertThatCode(new VmdkDescriptor(text + "\n".repeat(900))::require).doesNotThrowAnyException();
    assertThatThrownBy(new VmdkDescriptor(text + "\n".repeat(1000))::require)
        .isInstanceOf(InvalidImageException.class)
        .hasMessage("has a VMDK descriptor of more than 1000 lines");
  }

  /** An image that has a grain of this many bytes. */
  private static TestingVmdk filled(int grain, int lengthBytes) {
    var image = stream();
    var data = TestingVmdk.deflate(new byte[lengthBytes]);
    image.int32(image.grainAt(grain) + 8, data.length);
    for (int i = 0; i < data.length; i++) {
      image.int8(image.grainAt(grain) + 12 + i, data[i]);
    }
    return image;
  }

  private static int storedBytes(int position) {
    return ByteBuffer.wrap(stream().toBytes()).order(ByteOrder.LITTLE_ENDIAN).getInt(position + 8);
  }

  private static TestingVmdk sparse() {
    return new TestingVmdk(Layout.MONOLITHIC, 41, 1, 9, 20);
  }

  private static TestingVmdk stream() {
    return new TestingVmdk(Layout.STREAM, 41, 1, 9, 20);
  }

  private static TestingVmdk footer() {
    return new TestingVmdk(Layout.FOOTER, 41, 1, 9, 20);
  }
}
