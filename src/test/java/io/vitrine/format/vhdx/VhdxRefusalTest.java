package io.vitrine.format.vhdx;

import static io.vitrine.format.vhdx.TestingVhdx.MIB;
import static io.vitrine.format.vhdx.TestingVhdx.REGION_ENTRIES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.block.TestingReads;
import io.vitrine.format.mapped.DiskSubject;
import java.io.IOException;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VhdxRefusalTest {
  private static final int HEADER = 128 << 10;
  private static final int METADATA = 3 * MIB;
  private static final int BAT = 2 * MIB;
  private static final UUID UNKNOWN = new UUID(0, 0x1234);

  static Stream<Arguments> headers() {
    return Stream.of(
        spoiled("signature", i -> i.text(0, "vhdxfilm"), "Signature at offset 0"),
        spoiled(
            "headers",
            i -> i.text(HEADER, "heap").text(64 << 10, "heap"),
            "neither the header at offset 65536 nor that at 131072 is current"),
        spoiled("twins", i -> i.int64((64 << 10) + 8, 8).int8(66000, 1), "is current"),
        spoiled("version", i -> i.int16(HEADER + 66, 2), "Version at offset 131138: 2"),
        spoiled(
            "log version",
            i -> i.log(TestingLog.at(0)).int16(HEADER + 64, 3),
            "a log of version 3 is not supported"),
        spoiled("log length", i -> i.int32(HEADER + 68, 4096), "LogLength at offset 131140: 4096"),
        spoiled("log offset", i -> i.int64(HEADER + 72, 4096), "LogOffset at offset 131144: 4096"),
        spoiled("log before", i -> i.int64(HEADER + 72, 0), "LogOffset at offset 131144: 0"),
        spoiled("log behind", i -> i.int64(HEADER + 72, 1L << 60), "LogOffset"),
        spoiled(
            "no log",
            i -> i.log(TestingLog.at(0)).int32(HEADER + 68, 0).int64(HEADER + 72, -1),
            "LogOffset"),
        spoiled(
            "log on BAT", i -> i.int64(HEADER + 72, BAT), "the BAT at position 2097152 overlaps"));
  }

  static Stream<Arguments> regions() {
    return Stream.of(
        spoiled(
            "both",
            i -> i.text(192 << 10, "rage").text(256 << 10, "rage"),
            "neither the region table at offset 196608 nor that at 262144 is valid"),
        spoiled("count", i -> i.int32((192 << 10) + 8, 2048), "EntryCount at offset 196616: 2048"),
        spoiled("negative count", i -> i.int32((192 << 10) + 8, -1), "EntryCount"),
        spoiled(
            "no BAT", i -> i.guid(REGION_ENTRIES, UNKNOWN).int32(REGION_ENTRIES + 28, 0), "BAT"),
        spoiled("nothing", i -> i.int32((192 << 10) + 8, 0), "lists no metadata region"),
        spoiled(
            "unknown",
            i ->
                i.int32((192 << 10) + 8, 3)
                    .guid(REGION_ENTRIES + 64, UNKNOWN)
                    .int64(REGION_ENTRIES + 80, 9 * MIB)
                    .int32(REGION_ENTRIES + 92, 1),
            "needs the region 00000000-0000-0000-0000-000000001234"),
        spoiled("twice", i -> i.guid(REGION_ENTRIES + 32, FileRegion.BAT), "is listed twice"),
        spoiled(
            "odd", i -> i.int64(REGION_ENTRIES + 16, BAT + 4096), "FileOffset at offset 196640"),
        spoiled("header", i -> i.int64(REGION_ENTRIES + 16, 0), "FileOffset at offset 196640: 0"),
        spoiled("far", i -> i.int64(REGION_ENTRIES + 16, 1L << 62), "FileOffset"),
        spoiled("negative", i -> i.int64(REGION_ENTRIES + 16, -MIB), "FileOffset"),
        spoiled("length", i -> i.int32(REGION_ENTRIES + 24, 5), "Length at offset 196648: 5"),
        spoiled(
            "short BAT", i -> i.int32(REGION_ENTRIES + 24, 0), "has 0 bytes, the disk needs 48"),
        spoiled("metadata", i -> i.int32(REGION_ENTRIES + 56, 0), "metadata region is empty"),
        spoiled("overlap", i -> i.int32(REGION_ENTRIES + 24, 2 * MIB), "overlaps something else"),
        spoiled("end", i -> i.int64(REGION_ENTRIES + 48, 99 * MIB), "is cut off: needs 103874560"));
  }

  static Stream<Arguments> metadata() {
    int entries = METADATA + 32;
    int items = METADATA + TestingVhdx.PARAMETERS;
    return Stream.of(
        spoiled("signature", i -> i.text(METADATA, "megadata"), "Signature at offset 3145728"),
        spoiled("count", i -> i.int16(METADATA + 10, -1), "EntryCount at offset 3145738: 65535"),
        spoiled("few", i -> i.int16(METADATA + 10, 4), "lists no virtual disk id"),
        spoiled("none", i -> i.int16(METADATA + 10, 0), "lists no file parameters"),
        spoiled(
            "unknown", i -> i.guid(entries, UNKNOWN), "needs the metadata item 00000000-0000-0000"),
        spoiled("user", i -> i.int32(entries + 24, 0b101), "needs the metadata item caa16737"),
        spoiled("twice", i -> i.guid(entries, MetadataItem.VIRTUAL_DISK_ID.guid()), "listed twice"),
        spoiled("within", i -> i.int32(entries + 16, 32), "the file parameters at 32 lies outside"),
        spoiled("behind", i -> i.int32(entries + 16, MIB - 4), "lies outside of its region"),
        spoiled("overflow", i -> i.int32(entries + 16, -4), "lies outside of its region"),
        spoiled(
            "length", i -> i.int32(entries + 20, 4), "Length at offset 3145780: 4 is too short"),
        spoiled("parent", i -> i.int32(items + 4, 2), "is a differencing disk; merge it"),
        spoiled(
            "block", i -> i.int32(items, 3 * MIB), "file parameters at offset 3211264: a block"),
        spoiled("small block", i -> i.int32(items, MIB / 2), "a block size of 524288"),
        spoiled("large block", i -> i.int32(items, 512 * MIB), "a block size of 536870912"),
        spoiled("negative block", i -> i.int32(items, 1 << 31), "a block size of 2147483648"),
        spoiled("no block", i -> i.int32(items, 0), "a block size of 0"),
        spoiled(
            "odd size", i -> i.int64(items + 8, 513), "virtual disk size at offset 3211272: 513"),
        spoiled("size", i -> i.int64(items + 8, (64L << 40) + 512), "at most 64 TiB"),
        spoiled("negative", i -> i.int64(items + 8, -512), "18446744073709551104 is not"),
        spoiled("large", i -> i.int64(items + 8, 64L << 40), "BAT at offset 2097152 has 1048576"),
        spoiled("sector", i -> i.int32(items + 16, 1024), "logical sector size at offset 3211280"),
        spoiled("physical", i -> i.int32(items + 20, 0), "physical sector size at offset 3211284"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"headers", "regions", "metadata"})
  void refusesToOpen(String name, Consumer<TestingVhdx> change, String message) {
    var image = TestingVhdx.small();
    change.accept(image);

    DiskSubject.of(VhdxDisk::open).refuses(image.toBytes(), message);
  }

  static Stream<Arguments> blocks() {
    return Stream.of(
        spoiled("parts", i -> i.state(1, 7), "BAT entry at offset 2097160: a part of the block is"),
        spoiled("reserved", i -> i.state(1, 4), "the state 4 is reserved"),
        spoiled("header", i -> i.map(1, 0), "0 is not a possible position of a block"),
        spoiled("far", i -> i.map(1, 1L << 50), "1125899906842624 is not a possible position"),
        spoiled("negative", i -> i.map(1, -MIB), "-1048576 is not a possible position"),
        spoiled("end", i -> i.map(1, 8 * MIB), "is cut off: needs 9437184 bytes, has 8388608"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void refusesBlocks(String name, Consumer<TestingVhdx> change, String message) throws IOException {
    var image = TestingVhdx.small();
    change.accept(image);

    try (var disk = VhdxDisk.open(ArrivingSource.complete(image.toBytes()))) {
      assertThat(TestingReads.piece(disk, 2 * MIB, MIB)).isNotEmpty();
      assertThatThrownBy(() -> TestingReads.piece(disk, MIB, MIB))
          .isInstanceOf(InvalidImageException.class)
          .hasMessageContaining(message);
      assertThatThrownBy(() -> TestingReads.inFileOrder(disk))
          .isInstanceOf(InvalidImageException.class)
          .hasMessageContaining(message);
    }
  }

  static Stream<Arguments> overlaps() {
    return Stream.of(
        spoiled("twice", i -> i.map(4, 5 * MIB), "data at position 5242880 overlaps"),
        spoiled("log", i -> i.map(4, MIB), "data at position 1048576 overlaps"),
        spoiled("BAT", i -> i.map(4, BAT), "data at position 2097152 overlaps"),
        spoiled("metadata", i -> i.map(4, METADATA), "data at position 3145728 overlaps"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("overlaps")
  void refusesOverlaps(String name, Consumer<TestingVhdx> change, String message)
      throws IOException {
    var image = TestingVhdx.small();
    change.accept(image);

    try (var disk = VhdxDisk.open(ArrivingSource.complete(image.toBytes()))) {
      assertThatThrownBy(() -> TestingReads.inFileOrder(disk))
          .isInstanceOf(InvalidImageException.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void refusesEveryCut() throws IOException {
    var image = TestingVhdx.small();
    for (int length = 0; length < 7 * MIB + MIB / 2; length += 30_011) {
      var file = ArrivingSource.complete(image.toBytes(length));

      assertThatThrownBy(() -> TestingReads.inFileOrder(VhdxDisk.open(file)))
          .isInstanceOf(InvalidImageException.class)
          .hasMessageContaining("is cut off");
    }
  }

  private static Arguments spoiled(String name, Consumer<TestingVhdx> change, String message) {
    return arguments(name, change, message);
  }
}
