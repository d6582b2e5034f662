package io.vitrine.format.vmdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.ArrivingSource.WouldWait;
import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.Extent;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.block.TestingReads;
import io.vitrine.format.mapped.DiskSubject;
import io.vitrine.format.vmdk.TestingVmdk.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VmdkDiskTest {
  /** A disk of 21 grains, of which the last has one sector only. */
  private static final int CAPACITY = 41;

  private static final Integer[] STORED = {1, 2, 20, 9, 8};

  @ParameterizedTest
  @EnumSource
  void readsInEachWay(Layout layout) throws IOException {
    var image = new TestingVmdk(layout, CAPACITY, STORED);

    DiskSubject.of(VmdkDisk::open).holds(image.toBytes(), image.disk());
    try (var disk = open(image)) {
      assertThat(disk.unitBytes()).isEqualTo(TestingVmdk.GRAIN);
      assertThat(disk.remarks()).isEmpty();
      assertThatThrownBy(() -> disk.read(image.disk().length, ByteBuffer.allocate(1)))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsInSeveralThreads(Layout layout) throws IOException {
    var image = new TestingVmdk(layout, CAPACITY, STORED);
    var disk = open(image);

    var pieces =
        IntStream.range(0, 4000)
            .parallel()
            .mapToObj(piece -> piece(disk, piece % CAPACITY * 512))
            .toList();

    for (int piece = 0; piece < 4000; piece++) {
      int from = piece % CAPACITY * 512;
      assertThat(pieces.get(piece)).isEqualTo(Arrays.copyOfRange(image.disk(), from, from + 512));
    }
  }

  private static byte[] piece(BlockSource disk, int offset) {
    var target = ByteBuffer.allocate(512);
    try {
      disk.read(offset, target);
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
    return target.array();
  }

  @ParameterizedTest
  @EnumSource
  void tellsExtents(Layout layout) throws IOException {
    var image = new TestingVmdk(layout, CAPACITY, STORED).entry(10, 1).entry(11, 1);
    var disk = open(image);

    assertThat(TestingReads.list(disk.extents(0, disk.sizeBytes())))
        .containsExactly(
            new Extent(0, 1024, Extent.Kind.HOLE),
            new Extent(1024, 2048, Extent.Kind.DATA),
            new Extent(3072, 5120, Extent.Kind.HOLE),
            new Extent(8192, 2048, Extent.Kind.DATA),
            new Extent(10240, 2048, Extent.Kind.ZERO),
            new Extent(12288, 8192, Extent.Kind.HOLE),
            new Extent(20480, 512, Extent.Kind.DATA));
    assertThat(TestingReads.list(disk.extents(1500, 100)))
        .containsExactly(new Extent(1500, 100, Extent.Kind.DATA));
    assertThat(TestingReads.whole(disk)).isEqualTo(image.disk());
  }

  @ParameterizedTest
  @EnumSource
  void givesDataInFileOrder(Layout layout) throws IOException {
    var image = new TestingVmdk(layout, CAPACITY, STORED).entry(10, 1);
    var disk = open(image);

    var extents = TestingReads.list(disk.dataInFileOrder());

    assertThat(extents)
        .isSortedAccordingTo(
            Comparator.comparingInt(extent -> image.grainAt((int) extent.offset() / 1024)));
    assertThat(TestingReads.inFileOrder(disk)).isEqualTo(image.disk());
    assertThat(extents.stream().mapToLong(Extent::lengthBytes).sum()).isEqualTo(4 * 1024 + 512);
    assertThat(TestingReads.list(disk.dataInFileOrder())).isEqualTo(extents);
  }

  @ParameterizedTest
  @EnumSource
  void readsDisksOfAllKindsOfSizes(Layout layout) throws IOException {
    for (int capacity : List.of(1, 2, 3, 8, 9, 16, 160)) {
      int last = Math.ceilDiv(capacity, 2) - 1;
      for (var image :
          List.of(new TestingVmdk(layout, capacity), new TestingVmdk(layout, capacity, last))) {
        var disk = open(image);

        assertThat(TestingReads.whole(disk)).as(layout + " " + capacity).isEqualTo(image.disk());
        assertThat(TestingReads.inFileOrder(disk)).isEqualTo(image.disk());
      }
    }
  }

  /** VirtualBox fills up the last grain of a disk, qemu does not. */
  @Test
  void readsALastGrainThatIsFilledUp() throws IOException {
    var image = new TestingVmdk(Layout.STREAM, CAPACITY, 20);
    var grain =
        TestingVmdk.deflate(Arrays.copyOf(Arrays.copyOfRange(image.disk(), 20480, 20992), 1024));
    image.int32(image.grainAt(20) + 8, grain.length);
    for (int i = 0; i < grain.length; i++) {
      image.int8(image.grainAt(20) + 12 + i, grain[i]);
    }

    assertThat(TestingReads.whole(open(image))).isEqualTo(image.disk());
  }

  /** Cuts that take nothing but padding do not matter. */
  @ParameterizedTest
  @EnumSource
  void neverReadsWrongBytesOfACutFile(Layout layout) throws IOException {
    var image = new TestingVmdk(layout, CAPACITY, STORED);
    var bytes = image.toBytes();
    int harmless = 0;
    for (int length = 0; length < bytes.length; length++) {
      var cut = Arrays.copyOf(bytes, length);
      try (var disk = VmdkDisk.open(ArrivingSource.complete(cut))) {
        assertThat(TestingReads.whole(disk)).isEqualTo(image.disk());
        assertThat(TestingReads.inFileOrder(disk)).isEqualTo(image.disk());
        harmless++;
      } catch (InvalidImageException refused) {
        assertThat(refused).hasMessageMatching("is cut off: .*|.*end.*");
      }
    }
    assertThat(harmless).isLessThan(512);
  }

  @ParameterizedTest
  @EnumSource
  void neverFailsInAnotherWay(Layout layout) throws IOException {
    var image = new TestingVmdk(layout, CAPACITY, STORED);
    var bytes = image.toBytes();
    var places = new ArrayList<>(IntStream.range(0, 84).boxed().toList());
    for (int at :
        List.of(image.directoryAt(), image.tableAt(0), image.tableAt(2), image.grainAt(8))) {
      IntStream.range(at, at + 24).forEach(places::add);
    }
    var random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      var spoiled = bytes.clone();
      for (int n = random.nextInt(3); n >= 0; n--) {
        int at = places.get(random.nextInt(places.size()));
        spoiled[at] = random.nextBoolean() ? (byte) random.nextInt(8) : (byte) random.nextInt();
      }
      try (var disk = VmdkDisk.open(ArrivingSource.complete(spoiled))) {
        if (disk.sizeBytes() <= 1 << 20) {
          TestingReads.whole(disk);
          TestingReads.inFileOrder(disk);
        }
      } catch (InvalidImageException refused) {
        assertThat(refused.getMessage()).isNotEmpty();
      }
    }
  }

  /** A disk whose tables come first gives its data as soon as these are there. */
  @ParameterizedTest
  @EnumSource(names = {"MONOLITHIC", "STREAM"})
  void needsOnlyTablesToOrderData(Layout layout) throws IOException {
    var image = new TestingVmdk(layout, CAPACITY, STORED);
    var file = ArrivingSource.impatient(image.toBytes()).feed(image.grainAt(1));
    var disk = VmdkDisk.open(file);

    assertThat(TestingReads.list(disk.dataInFileOrder()))
        .hasSize(layout == Layout.MONOLITHIC ? 4 : 5);
    assertThat(TestingReads.list(disk.extents(0, disk.sizeBytes()))).hasSize(6);
    assertThatThrownBy(() -> TestingReads.whole(disk)).isInstanceOf(WouldWait.class);
  }

  @Test
  void readsGrainsBeforeTheirTablesArrive() throws IOException {
    var image = new TestingVmdk(Layout.FOOTER, CAPACITY, STORED);
    var file = ArrivingSource.impatient(image.toBytes()).feed(3 * 512);
    var disk = VmdkDisk.open(file);
    var data = disk.dataInFileOrder();
    var copy = new byte[(int) disk.sizeBytes()];

    for (int grain : STORED) {
      assertThatThrownBy(data::next).isInstanceOf(WouldWait.class);
      file.feed(16);
      var extent = data.next().orElseThrow();
      assertThat(extent.offset()).isEqualTo(grain * 1024L);
      file.feed(storedBytes(image, grain) - 16);
      TestingReads.copy(disk, extent, copy);
    }

    assertThatThrownBy(data::next).isInstanceOf(WouldWait.class);
    assertThatThrownBy(() -> disk.read(0, ByteBuffer.allocate(1))).isInstanceOf(WouldWait.class);
    file.feed(1 << 20).end();
    assertThat(data.next()).isEmpty();
    assertThat(data.next()).isEmpty();
    assertThat(copy).isEqualTo(image.disk());
  }

  /** What a grain takes, to the end of its last sector. */
  private static int storedBytes(TestingVmdk image, int grain) {
    var file = ByteBuffer.wrap(image.toBytes()).order(ByteOrder.LITTLE_ENDIAN);
    return Math.ceilDiv(12 + file.getInt(image.grainAt(grain) + 8), 512) * 512;
  }

  private static BlockSource open(TestingVmdk image) throws IOException {
    return VmdkDisk.open(ArrivingSource.complete(image.toBytes()));
  }
}
