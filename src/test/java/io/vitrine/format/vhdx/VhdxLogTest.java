package io.vitrine.format.vhdx;

import static io.vitrine.format.vhdx.TestingVhdx.MIB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.block.TestingReads;
import io.vitrine.format.vhdx.TestingLog.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Logs replayed in memory. In most tests the file has a BAT that maps nothing, and the log has the
 * one that maps all blocks.
 */
class VhdxLogTest {
  private static final int BAT = 2 * MIB;
  private static final int SECTORS = TestingVhdx.LOG_BYTES / 4096;
  private static final long HIGH = 7L << 32;

  private final TestingVhdx image = TestingVhdx.small();
  private final byte[] mapped = Arrays.copyOfRange(image.toBytes(), BAT, BAT + 4096);
  private final byte[] unmapped = new byte[4096];

  VhdxLogTest() {
    for (int block = 0; block < 6; block++) {
      image.state(block, 0);
    }
  }

  @Test
  void replaysData() throws IOException {
    var log = TestingLog.at(0).add(new Entry(HIGH + 5).data(BAT, mapped));

    assertThat(replay(log)).isEqualTo(image.disk());
  }

  @Test
  void replaysZeros() throws IOException {
    image.block(0, 6 * MIB).block(1, 4 * MIB);
    var log = TestingLog.at(0).add(new Entry(1).zero(BAT, 4096).zero(5 * MIB, 64 << 10));

    assertThat(replay(log)).containsOnly(0);
  }

  @Test
  void replaysEntriesInOrder() throws IOException {
    var log =
        TestingLog.at(0)
            .add(new Entry(10).data(BAT, unmapped))
            .add(new Entry(11).zero(BAT, MIB).data(BAT, mapped))
            .add(new Entry(12));

    assertThat(replay(log)).isEqualTo(image.disk());
  }

  @Test
  void replaysDescriptorsOfSeveralSectors() throws IOException {
    var entry = new Entry(3);
    for (int i = 0; i < 300; i++) {
      entry.zero(BAT + 4096L * (i % 200), 4096);
    }
    var log = TestingLog.at(9).add(entry.data(BAT, mapped).zero(BAT + 4096, 4096).padding(16));

    assertThat(replay(log)).isEqualTo(image.disk());
  }

  @Test
  void followsTheRing() throws IOException {
    var log =
        TestingLog.at(SECTORS - 3)
            .add(new Entry(20).data(BAT, unmapped))
            .add(new Entry(21).data(BAT, unmapped).data(BAT, mapped))
            .add(new Entry(22).zero(BAT + 4096, 4096));

    assertThat(replay(log)).isEqualTo(image.disk());
  }

  @Test
  void replaysARingThatIsFull() throws IOException {
    var entry = new Entry(4).data(BAT, mapped).padding(SECTORS / 2 - 2);
    var log = TestingLog.at(5).add(entry).add(new Entry(5).padding(SECTORS / 2 - 1));

    assertThat(replay(log)).isEqualTo(image.disk());
  }

  /** Those before the tail are in the file, which may have changed since. */
  @Test
  void replaysNothingBeforeTheTail() throws IOException {
    var log =
        TestingLog.at(0)
            .add(new Entry(1).zero(4 * MIB, 4 * MIB))
            .tail(1)
            .add(new Entry(2).data(BAT, mapped));

    assertThat(replay(log)).isEqualTo(image.disk());
  }

  @Test
  void ignoresATornEntry() throws IOException {
    var log =
        TestingLog.at(0)
            .add(new Entry(1).data(BAT, mapped))
            .add(new Entry(2).data(BAT, unmapped))
            .flip(3 * 4096 + 100);

    assertThat(replay(log)).isEqualTo(image.disk());
  }

  @Test
  void ignoresEntriesOfAnotherLog() throws IOException {
    var log =
        TestingLog.at(0)
            .add(new Entry(1).data(BAT, mapped))
            .add(new Entry(2).data(BAT, unmapped).guid(new UUID(1, 1)));

    assertThat(replay(log)).isEqualTo(image.disk());
  }

  @Test
  void usesTheNewestSequence() throws IOException {
    var log =
        TestingLog.at(0)
            .add(new Entry(-2).data(BAT, unmapped))
            .tail(2)
            .add(new Entry(-1).data(BAT, mapped))
            .tail(4)
            .add(new Entry(6).data(BAT, unmapped));

    assertThat(replay(log)).isEqualTo(image.disk());
  }

  @Test
  void replaysStructuresBehindTheEnd() throws IOException {
    image.int64(TestingVhdx.REGION_ENTRIES + 16, 20 * MIB);
    var log = TestingLog.at(0).add(new Entry(1).data(20 * MIB, mapped));

    assertThat(replay(log)).isEqualTo(image.disk());
  }

  @Test
  void replaysTheRegionTableAndMetadata() throws IOException {
    var sound = TestingVhdx.small();
    var bytes = sound.toBytes();
    image.text(3 * MIB, "nonsense").withSpoiledRegions().text(192 << 10, "none");
    image.text(256 << 10, "none");
    var log =
        TestingLog.at(0)
            .add(
                new Entry(1)
                    .data(192 << 10, Arrays.copyOfRange(bytes, 192 << 10, 196 << 10))
                    .zero(196 << 10, 60 << 10)
                    .data(3 * MIB, Arrays.copyOfRange(bytes, 3 * MIB, 3 * MIB + 4096))
                    .data(BAT, mapped));

    assertThat(replay(log)).isEqualTo(sound.disk());
  }

  static Stream<Arguments> invalid() {
    return Stream.of(
        arguments("nothing", TestingLog.at(0)),
        arguments("flipped", log(entry()).flip(4096 + 77)),
        arguments("flipped header", log(entry()).flip(60)),
        arguments("GUID", log(entry().guid(new UUID(7, 7)))),
        arguments("sequence zero", log(new Entry(0))),
        arguments("tail elsewhere", TestingLog.at(0).tail(9).add(entry())),
        arguments("tail behind", TestingLog.at(0).tail(SECTORS).add(entry())),
        arguments("tail odd", spoiled(12, 5)),
        arguments("tail negative", spoiled(12, -4096)),
        arguments("length zero", spoiled(8, 0)),
        arguments("length odd", spoiled(8, 4097)),
        arguments("length negative", spoiled(8, -4096)),
        arguments("length", spoiled(8, TestingVhdx.LOG_BYTES + 4096)),
        arguments("signature", spoiled(0, 0)),
        arguments("descriptors", spoiled(24, 400)),
        arguments("negative descriptors", spoiled(24, -1)),
        arguments("data without a sector", spoiled(24, 3)),
        arguments("descriptor", spoiled(64, 0)),
        arguments("descriptor's sequence", spoiled(64 + 24, 6)),
        arguments("descriptor's offset", spoiled(64 + 16, 512)),
        arguments("descriptor's negative offset", spoiled(64 + 20, -1)),
        arguments("data's signature", spoiled(4096, 1)),
        arguments("data's sequence", spoiled(4096 + 4, 1)),
        arguments("data's end", spoiled(8192 - 4, 1)),
        arguments("odd zeros", log(new Entry(5).zero(0, 1))),
        arguments("negative zeros", log(new Entry(5).zero(0, -4096))),
        arguments("too many zeros", log(new Entry(5).zero(Long.MAX_VALUE - 4095, 4096))),
        arguments("negative size", log(entry().fileBytes(-1, 0))));
  }

  @Test
  void refusesLogsThatWriteNothing() {
    assertThatThrownBy(() -> replay(log(new Entry(1))))
        .isInstanceOf(InvalidImageException.class)
        .hasMessage(
            "has a log at offset 1048576 that cannot be replayed: its entries write nothing");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("invalid")
  void refusesLogsThatCannotBeReplayed(String name, TestingLog log) {
    assertThatThrownBy(() -> replay(log))
        .isInstanceOf(InvalidImageException.class)
        .hasMessage(
            "has a log at offset 1048576 that cannot be replayed:"
                + " it has no complete sequence of valid entries");
  }

  @Test
  void refusesLogsThatAreTooLong() {
    image.log(log(entry())).int32((128 << 10) + 68, 17 * MIB);

    assertThatThrownBy(() -> VhdxDisk.open(ArrivingSource.complete(image.toBytes(20 * MIB))))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("cannot be replayed: it has 17825792 bytes, more than 16777216");
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void refusesFilesThatAreShorterThanTheLogSays(long flushed, long last) {
    var log = TestingLog.at(0).add(new Entry(1).data(BAT, mapped).fileBytes(flushed, last));

    assertThatThrownBy(() -> replay(log))
        .isInstanceOf(InvalidImageException.class)
        .hasMessage("is cut off: needs %d bytes, has %d", Math.max(flushed, last), 8 * MIB);
  }

  static Stream<Arguments> sizes() {
    return Stream.of(
        arguments(9 * MIB, 8 * MIB),
        arguments(8 * MIB, 9 * MIB),
        arguments(8 * MIB + 1, 0),
        arguments(Long.MAX_VALUE, 0));
  }

  @Test
  void waitsOnlyForWhatTheLogDemands() throws IOException {
    image.log(TestingLog.at(0).add(new Entry(1).data(BAT, mapped).fileBytes(8 * MIB, 7 * MIB)));
    var file = ArrivingSource.impatient(image.toBytes(9 * MIB)).feed(8 * MIB);

    assertThat(TestingReads.inFileOrder(VhdxDisk.open(file))).isEqualTo(image.disk());
  }

  @Test
  void readsHostileLogsInTime() throws IOException {
    var log = TestingLog.at(0);
    for (int i = 0; i < SECTORS - 1; i++) {
      log.tail(SECTORS - 1).add(new Entry(i + 1));
    }

    assertThatThrownBy(() -> replay(log)).hasMessageContaining("no complete sequence");
  }

  private byte[] replay(TestingLog log) throws IOException {
    var bytes = image.log(log).toBytes();
    var file = bytes.clone();
    try (var disk = VhdxDisk.open(ArrivingSource.complete(file))) {
      assertThat(TestingReads.whole(disk)).isEqualTo(TestingReads.inFileOrder(disk));
      assertThat(file).isEqualTo(bytes);
      return TestingReads.whole(disk);
    }
  }

  private static TestingLog log(Entry entry) {
    return TestingLog.at(0).add(entry);
  }

  private static Entry entry() {
    var data = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN).putLong(4 * MIB | 6);
    return new Entry(5).data(BAT, data.array()).zero(BAT + 4096, 4096);
  }

  private static TestingLog spoiled(int at, int value) {
    return log(entry().spoil(bytes -> bytes.putInt(at, value)));
  }
}
