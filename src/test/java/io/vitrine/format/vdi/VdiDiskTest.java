package io.vitrine.format.vdi;

import static io.vitrine.format.vdi.TestingVdi.FREE;
import static io.vitrine.format.vdi.TestingVdi.ZERO;
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
class VdiDiskTest {
  private static final int MIB = 1 << 20;
  private static final int BLOCK = 4096;

  private final DiskSubject vdi = DiskSubject.of(VdiDisk::open);

  static Stream<Arguments> soundImages() {
    return Stream.of(
        arguments("dynamic", TestingVdi.dynamic(MIB, 0, FREE, 1, 2), 0),
        arguments("not in order", TestingVdi.dynamic(BLOCK, 3, 0, FREE, 2, 1), 0),
        arguments("zeros", TestingVdi.dynamic(BLOCK, ZERO, 0, ZERO, FREE), 0),
        arguments("nothing but holes", TestingVdi.dynamic(BLOCK, FREE, FREE), 0),
        arguments("static", TestingVdi.fixed(BLOCK, 9), 0),
        arguments("ends within a block", TestingVdi.dynamic(MIB, 1, FREE, 0), MIB - 512),
        arguments("ends within a hole", TestingVdi.dynamic(MIB, 0, FREE), 1000),
        arguments("ends within a sector", TestingVdi.fixed(BLOCK, 3), 100),
        arguments("no disk at all", TestingVdi.dynamic(BLOCK), 0),
        arguments("small blocks", TestingVdi.dynamic(512, 1, FREE, 0, ZERO, 2), 0),
        arguments("blocks larger than a piece", TestingVdi.dynamic(4 * MIB, 1, FREE, 0), MIB),
        arguments("blocks at 1 MiB", TestingVdi.dynamic(BLOCK, 1, 0).dataAt(MIB), 0),
        arguments("more blocks than needed", TestingVdi.dynamic(BLOCK, 0, FREE, 1), 2 * BLOCK),
        arguments("a header of version 1.1 of old", TestingVdi.fixed(BLOCK, 2).with(0x48, 384), 0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("soundImages")
  void readsTheDisk(String name, TestingVdi image, int unused) throws Exception {
    vdi.holds(image.file(unused), image.disk(unused));
  }

  @Test
  void tellsHolesFromZeros() throws Exception {
    var image = TestingVdi.dynamic(BLOCK, 1, 0, FREE, FREE, ZERO, 2);

    assertThat(vdi.extents(image.file(96)))
        .containsExactly("DATA 0+8192", "HOLE 8192+8192", "ZERO 16384+4096", "DATA 20480+4000");
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault("signature at offset 64", image().with(0x40, 0xbeda107e)),
        fault("version at offset 68: 1.0 is not 1.1", image().with(0x44, 0x10000)),
        fault("version at offset 68: 0.1 is not 1.1", image().with(0x44, 1)),
        fault("depends on another image", image().with(0x4c, 4)),
        fault("depends on another image", image().with(0x4c, 3)),
        fault("depends on another image", image().with(0x4c, 0)),
        fault("depends on another image", image().with(0x1a8, 1)),
        fault("depends on another image", image().with(0x1b4, 1)),
        fault("depends on another image", image().with(0x1b8, 1)),
        fault("depends on another image", image().with(0x1c4, 1)),
        fault("sector size at offset 360: 4096 is not 512", image().with(0x168, 4096)),
        fault(
            "disk size at offset 368: 9223372036854792192 is impossible",
            image().with(0x174, 1L << 31)),
        fault("block size at offset 376: 0 is no power of two", image().with(0x178, 0)),
        fault("block size at offset 376: 4095", image().with(0x178, 4095)),
        fault("block size at offset 376: 256", image().with(0x178, 256)),
        fault("block size at offset 376: 2147483648", image().with(0x178, 1L << 31)),
        fault("extra bytes of a block at offset 380: 512", image().with(0x17c, 512)),
        fault("number of blocks at offset 384: 3 blocks of 4096", image().with(0x180, 3)),
        fault("number of allocated blocks at offset 388: 5 is", image().with(0x184, 5)),
        fault("has 1073741828 blocks", image().with(0x174, 1024)),
        fault("position of the block map at offset 340: 455", image().with(0x154, 455)),
        fault("offset 340: 456 is not the start of a sector", image().with(0x154, 456)),
        fault("offset 340: 0 lies within the header", image().with(0x154, 0)),
        fault("position of the blocks at offset 344: 527", image().with(0x158, 527)),
        fault("offset 344: 1280 is not the start of a sector", image().with(0x158, 1280)),
        fault("offset 344: 512 lies before the end", image().with(0x158, 512)),
        fault("position of the blocks at offset 344", image().with(0x180, -1)),
        fault("block map entry 2 at offset 520: 3 is not below", image().with(520, 3)),
        fault("block map entry 3 at offset 524: 4294967293", image().with(524, -3)),
        fault("block map entry 0 at offset 512: 1 is the index", image().with(524, 1)));
  }

  /** Four blocks, of which the first three are stored. */
  private static TestingVdi image() {
    return TestingVdi.dynamic(BLOCK, 1, 0, 2, FREE);
  }

  private static Arguments fault(String message, TestingVdi image) {
    return arguments(message, image);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void refuses(String message, TestingVdi image) {
    vdi.refuses(image.file(0), message);
  }

  @Test
  void neverReadsAnotherDiskFromACutFile() throws Exception {
    var image = TestingVdi.dynamic(BLOCK, 2, FREE, 0, 1);

    vdi.failsOrHoldsWhenCut(image.file(100), image.disk(100), 1100);
  }

  @Test
  void refusesBlocksBehindTheEnd() {
    var image = image().with(0x180, 1 << 27).with(0x184, 1 << 27).with(0x158, 1 << 30);
    var file = image.with(512, (1 << 27) - 1).file(0);

    assertThatThrownBy(() -> vdi.holds(file, image.disk(0)))
        .isInstanceOf(InvalidImageException.class)
        .hasMessage("is cut off: needs 550829555712 bytes, has 13312");
  }

  @Test
  void failsWithAnAnswerHoweverSpoiled() throws Exception {
    var random = new Random(1);
    for (int i = 0; i < 3000; i++) {
      var image = image();
      for (int spoiled = 0; spoiled < 3; spoiled++) {
        int at = random.nextBoolean() ? 0x154 + random.nextInt(52) : 512 + random.nextInt(16);
        image.with(at, random.nextBoolean() ? random.nextInt() : random.nextInt(5000));
      }
      vdi.failsWithAnAnswerIfAtAll(image.file(0));
    }
  }

  @Test
  void readsWhileTheFileArrives() throws Exception {
    var image = TestingVdi.dynamic(BLOCK, 1, FREE, 0);
    var bytes = image.file(0);
    var file = ArrivingSource.of(bytes);
    var opened = DiskSubject.later(() -> VdiDisk.open(file));
    file.feedUntil(512);
    file.awaitReaderOf(512 + 1);
    assertThat(opened).isNotDone();

    file.feedUntil(1024 + BLOCK);
    try (var disk = opened.get(10, TimeUnit.SECONDS)) {
      var order = disk.dataInFileOrder();
      var first = order.next().orElseThrow();
      assertThat(first.offset()).isEqualTo(2 * BLOCK);
      assertThat(TestingReads.piece(disk, first.offset(), BLOCK))
          .isEqualTo(Arrays.copyOfRange(image.disk(0), 2 * BLOCK, 3 * BLOCK));

      var rest = DiskSubject.later(() -> order.next().orElseThrow().offset());
      file.feedUntil(bytes.length);
      assertThat(rest.get(10, TimeUnit.SECONDS)).isZero();
    }
  }
}
