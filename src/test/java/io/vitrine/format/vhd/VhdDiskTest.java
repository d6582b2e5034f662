package io.vitrine.format.vhd;

import static io.vitrine.format.vhd.TestingVhd.HOLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.block.TestingReads;
import io.vitrine.format.mapped.DiskSubject;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class VhdDiskTest {
  private static final int MIB = 1 << 20;
  private static final int BLOCK = 4096;

  /** How many sectors a block of 4096 bytes takes, with its bitmap. */
  private static final int STRIDE = 9;

  private final DiskSubject vhd = DiskSubject.of(VhdDisk::open);

  static Stream<Arguments> soundImages() {
    return Stream.of(
        arguments("fixed", TestingVhd.fixed(5 * MIB + 512)),
        arguments("fixed, within a sector", TestingVhd.fixed(1000)),
        arguments("dynamic", TestingVhd.dynamic(2 * MIB, 0, 4, HOLE, 4 + 4097)),
        arguments("not in order", TestingVhd.dynamic(BLOCK, 0, 22, 4, HOLE, 13)),
        arguments("gaps", TestingVhd.dynamic(BLOCK, 0, 100, HOLE, 50, 77)),
        arguments("nothing but holes", TestingVhd.dynamic(BLOCK, 0, HOLE, HOLE)),
        arguments("ends within a block", TestingVhd.dynamic(2 * MIB, MIB + 512, HOLE, 4)),
        arguments("ends within a hole", TestingVhd.dynamic(BLOCK, 512, 4, HOLE)),
        arguments("ends within a sector", TestingVhd.dynamic(BLOCK, 100, 4, 13)),
        arguments("no disk at all", TestingVhd.dynamic(BLOCK, 0)),
        arguments("blocks of 512 KiB", TestingVhd.dynamic(MIB / 2, 0, 4, HOLE, 2000)),
        arguments("blocks larger than a piece", TestingVhd.dynamic(8 * MIB, 512, 4, HOLE)),
        arguments("empty bitmaps", TestingVhd.dynamic(BLOCK, 0, 4).with(4 * 512, 0)),
        arguments(
            "more entries than needed", TestingVhd.dynamic(BLOCK, BLOCK, 4, 13).with(1540, 5)),
        arguments("header after the table", TestingVhd.dynamic(BLOCK, 0, 90).moveHeader(4096)),
        arguments("damaged footer at the end", image().withEnd(0, 7)),
        arguments("another footer at the end", image().withEnd(60, 4)),
        arguments("wrong checksum at the end", image().with(512 * 31 + 300, 1)),
        arguments("another version", image().withFooter(12, 0).withHeader(24, 0)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("soundImages")
  void readsTheDisk(String name, TestingVhd image) throws Exception {
    vhd.holds(image.file(), image.disk());
  }

  @Test
  void readsTheStartOfAFixedFileThatIsLonger() throws Exception {
    var image = TestingVhd.fixed(4096).withEnd(52, 1000);

    vhd.holds(image.file(), Arrays.copyOf(image.disk(), 1000));
  }

  @Test
  void readsAFileWithoutTheFooterAtTheEnd() throws Exception {
    var image = image();

    vhd.holds(Arrays.copyOf(image.file(), image.file().length - 512), image.disk());
  }

  @Test
  void readsALastBlockThatIsCutAtTheEndOfTheDisk() throws Exception {
    var image = TestingVhd.dynamic(BLOCK, 1024, HOLE, 4);

    vhd.holds(Arrays.copyOf(image.file(), image.file().length - 512 - 1024), image.disk());
  }

  @Test
  void tellsHoles() throws Exception {
    assertThat(vhd.extents(TestingVhd.dynamic(BLOCK, 96, 13, 4, HOLE, HOLE, 22).file()))
        .containsExactly("DATA 0+8192", "HOLE 8192+8192", "DATA 16384+4000");
    assertThat(vhd.extents(TestingVhd.fixed(3 * MIB).file())).containsExactly("DATA 0+3145728");
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault("Checksum at offset 64", image().with(8, 3)),
        fault("is a differencing disk", image().withFooter(60, 4)),
        fault("Disk Type at offset 60: 2 is not 3", image().withFooter(60, 2)),
        fault("Current Size at offset 48: 18446744", image().withFooter(48, -1)),
        fault("Data Offset at offset 16: 511 is", image().withFooter(20, 511)),
        fault("Data Offset at offset 16: 18446744", image().withFooter(16, -1)),
        fault(
            "Data Offset at offset 16: 92233720",
            image().withFooter(16, 0x7fffffff).withFooter(20, -1)),
        fault("is cut off: needs 4294968832 bytes", image().withFooter(16, 1)),
        fault("Cookie at offset 512", image().withHeader(0, 1)),
        fault("Checksum at offset 548", image().with(512 + 40, 1)),
        fault(
            "Table Offset at offset 528: a table of 16 bytes at 511", image().withHeader(20, 511)),
        fault(
            "Table Offset at offset 528: a table of 16 bytes at 500", image().withHeader(20, 500)),
        fault("Table Offset at offset 528", image().withHeader(20, 1532)),
        fault("Table Offset at offset 528", image().withHeader(16, -1)),
        fault("Table Offset at offset 528", image().withHeader(16, 0x7fffffff).withHeader(20, -1)),
        fault("is cut off: needs 4294968848 bytes", image().withHeader(16, 1)),
        fault("Max Table Entries at offset 540: 3 blocks of 4096", image().withHeader(28, 3)),
        fault("Block Size at offset 544: 0 is", image().withHeader(32, 0)),
        fault("Block Size at offset 544: 4100 is", image().withHeader(32, 4100)),
        fault("Block Size at offset 544: 2048 is", image().withHeader(32, 2048)),
        fault("Block Size at offset 544: 2147483648 is", image().withHeader(32, 1L << 31)),
        fault(
            "has 5242884 blocks of 4096 bytes; at most",
            image().withFooter(48, 5).withHeader(28, -1)),
        fault("BAT entry 3 at offset 1548: the block at 0 overlaps the footer", entry(3, 0)),
        fault("BAT entry 3 at offset 1548: the block at 512 overlaps the dyn", entry(3, 1)),
        fault("BAT entry 3 at offset 1548: the block at 1024 overlaps the dyn", entry(3, 2)),
        fault("BAT entry 3 at offset 1548: the block at 1536 overlaps the table", entry(3, 3)),
        fault("the block at 2048 overlaps the table", image().withHeader(28, 400)),
        fault("BAT entry 0 at offset 1536: the block at 2048 overlaps another", entry(2, 4)),
        fault("BAT entry 2 at offset 1544: the block at 10752 overlaps another", entry(2, 21)),
        fault("BAT entry 1 at offset 1540: the block at 6144 overlaps another", entry(1, 12)),
        fault("neither begins nor ends with a footer", TestingVhd.fixed(4096).withEnd(0, 1)),
        fault("Checksum at offset 4160", TestingVhd.fixed(4096).with(4096 + 300, 1)),
        fault("Disk Type at offset 4156: 3 is not 2", TestingVhd.fixed(4096).withEnd(60, 3)),
        fault("is a differencing disk", TestingVhd.fixed(4096).withEnd(60, 4)),
        fault("Current Size at offset 4144", TestingVhd.fixed(4096).withEnd(48, -1)),
        fault("needs 4609 bytes, has 4608", TestingVhd.fixed(4096).withEnd(52, 4097)),
        fault("Disk Type at offset 60: 2", TestingVhd.fixed(0)));
  }

  /** Four blocks, of which the first three are stored. */
  private static TestingVhd image() {
    return TestingVhd.dynamic(BLOCK, 0, 4, 4 + STRIDE, 4 + 2 * STRIDE, HOLE);
  }

  private static TestingVhd entry(int block, int sector) {
    return image().with(TestingVhd.TABLE_AT + 4 * block, sector);
  }

  private static Arguments fault(String message, TestingVhd image) {
    return arguments(message, image);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void refuses(String message, TestingVhd image) {
    vhd.refuses(image.file(), message);
  }

  @Test
  void neverReadsAnotherDiskFromACutFile() throws Exception {
    for (var image : new TestingVhd[] {TestingVhd.dynamic(BLOCK, 100, 22, HOLE, 4, 13), image()}) {
      vhd.failsOrHoldsWhenCut(image.file(), image.disk(), 2100);
    }
  }

  @Test
  void neverReadsAnotherDiskFromACutFixedFile() throws Exception {
    var image = TestingVhd.fixed(BLOCK);

    vhd.failsOrHoldsWhenCut(image.file(), image.disk(), image.file().length);
  }

  @Test
  void refusesBlocksBehindTheEnd() {
    var image = entry(1, 0xfffffffe);

    assertThatThrownBy(() -> vhd.holds(image.file(), image.disk()))
        .isInstanceOf(InvalidImageException.class)
        .hasMessage("is cut off: needs 2199023259136 bytes, has 16384");
  }

  @Test
  void failsWithAnAnswerHoweverSpoiled() throws Exception {
    var random = new Random(1);
    for (int i = 0; i < 3000; i++) {
      var image = image();
      for (int spoiled = 0; spoiled < 2; spoiled++) {
        int value = random.nextBoolean() ? random.nextInt() : random.nextInt(5000);
        switch (random.nextInt(4)) {
          case 0 -> image.withFooter(16 + random.nextInt(5), value);
          case 1 -> image.withFooter(48 + random.nextInt(5), value);
          case 2 -> image.withHeader(16 + random.nextInt(17), value);
          default -> image.with(TestingVhd.TABLE_AT + random.nextInt(13), value);
        }
      }
      vhd.failsWithAnAnswerIfAtAll(image.file());
    }
  }

  @Test
  void readsADynamicDiskWhileItArrives() throws Exception {
    var image = TestingVhd.dynamic(BLOCK, 0, 13, HOLE, 4);
    var file = ArrivingSource.of(image.file());
    var opened = DiskSubject.later(() -> VhdDisk.open(file));
    file.feedUntil(TestingVhd.TABLE_AT);
    file.awaitReaderOf(TestingVhd.TABLE_AT + 1);
    assertThat(opened).isNotDone();

    file.feedUntil((4 + STRIDE) * 512);
    try (var disk = opened.get(10, TimeUnit.SECONDS)) {
      var order = disk.dataInFileOrder();
      var first = order.next().orElseThrow();
      assertThat(first.offset()).isEqualTo(2 * BLOCK);
      assertThat(TestingReads.piece(disk, first.offset(), BLOCK))
          .isEqualTo(Arrays.copyOfRange(image.disk(), 2 * BLOCK, 3 * BLOCK));
      assertThat(order.next().orElseThrow().offset()).isZero();

      var rest = DiskSubject.later(() -> TestingReads.inFileOrder(disk));
      file.feedUntil((4 + 2 * STRIDE) * 512);
      assertThat(rest.get(10, TimeUnit.SECONDS)).isEqualTo(image.disk());
    }
  }

  @Test
  void awaitsTheEndOfAFixedDisk() throws Exception {
    var image = TestingVhd.fixed(BLOCK);
    var file = ArrivingSource.of(image.file());
    var opened = DiskSubject.later(() -> VhdDisk.open(file));

    file.feedUntil(image.file().length);
    file.awaitReaderOf(image.file().length + 1);
    assertThat(opened).isNotDone();
    file.end();

    try (var disk = opened.get(10, TimeUnit.SECONDS)) {
      assertThat(disk.sizeBytes()).isEqualTo(BLOCK);
    }
  }
}
