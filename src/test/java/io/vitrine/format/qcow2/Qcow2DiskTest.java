package io.vitrine.format.qcow2;

import static io.vitrine.format.block.TestingReads.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.Extent;
import io.vitrine.format.mapped.DiskSubject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Qcow2DiskTest {
  private static final String ALL = "io.vitrine.format.qcow2.TestingImages#all";

  @ParameterizedTest(name = "{0}")
  @MethodSource(ALL)
  void readsInEachWay(String name, TestingQcow2 image) throws Exception {
    TestingQcow2.DISKS.holds(image.file(), image.disk());
  }

  @Test
  void tellsDataZerosAndHolesApart() throws Exception {
    var image = TestingQcow2.version3(12, 20_000);
    image.zeros(0).preallocatedZeros(1).plain(3, image.random(1)).compressed(4, image.text(1));

    try (var disk = Qcow2Disk.open(ArrivingSource.complete(image.file()))) {
      assertThat(list(disk.extents(100, 19_900)))
          .containsExactly(
              new Extent(100, 8092, Extent.Kind.ZERO),
              new Extent(8192, 4096, Extent.Kind.HOLE),
              new Extent(12_288, 7712, Extent.Kind.DATA));
    }
  }

  @Test
  void tellsSubclustersApart() throws Exception {
    var image = TestingQcow2.extended(14, 16_384).subclusters(0, 0b1100, 0b10000);

    try (var disk = Qcow2Disk.open(ArrivingSource.complete(image.file()))) {
      assertThat(disk.unitBytes()).isEqualTo(512);
      assertThat(list(disk.extents(0, 16_384)))
          .containsExactly(
              new Extent(0, 1024, Extent.Kind.HOLE),
              new Extent(1024, 1024, Extent.Kind.DATA),
              new Extent(2048, 512, Extent.Kind.ZERO),
              new Extent(2560, 13_824, Extent.Kind.HOLE));
    }
  }

  @Test
  void mergesDataThatContinuesInTheFile() throws Exception {
    var image = TestingQcow2.version3(12, 40_000);
    for (int cluster : new int[] {1, 2, 3, 7, 6}) {
      image.plain(cluster, image.random(cluster));
    }

    try (var disk = Qcow2Disk.open(ArrivingSource.complete(image.file()))) {
      assertThat(list(disk.dataInFileOrder()))
          .containsExactly(
              new Extent(4096, 12_288, Extent.Kind.DATA),
              new Extent(28_672, 4096, Extent.Kind.DATA),
              new Extent(24_576, 4096, Extent.Kind.DATA));
    }
  }

  @Test
  void readsIntoBuffersOutsideOfTheHeap() throws Exception {
    var image = TestingQcow2.version3(12, 8192);
    image.compressed(0, image.text(1)).compressed(1, image.text(2));
    var target = ByteBuffer.allocateDirect(8192);

    try (var disk = Qcow2Disk.open(ArrivingSource.complete(image.file()))) {
      disk.read(0, target);
    }

    var read = new byte[8192];
    target.flip().get(read);
    assertThat(read).isEqualTo(image.disk());
  }

  @Test
  void remarksOnSnapshots() throws Exception {
    assertThat(remarks(0)).isEmpty();
    assertThat(remarks(1)).isEqualTo("1 internal snapshot");
    assertThat(remarks(7)).isEqualTo("7 internal snapshots");
  }

  private static String remarks(int snapshots) throws IOException {
    var image = TestingQcow2.version3(12, 8192).snapshots(snapshots);
    try (var disk = Qcow2Disk.open(ArrivingSource.complete(image.file()))) {
      return disk.remarks();
    }
  }

  @Test
  void closesItsFile() throws Exception {
    var file = ArrivingSource.complete(TestingQcow2.version3(12, 8192).file());

    Qcow2Disk.open(file).close();

    assertThat(file.isClosed()).isTrue();
  }

  @Test
  void readsAtTheSameTime() throws Exception {
    var image = TestingQcow2.version3(9, 400_000);
    for (int cluster = 0; cluster < 780; cluster++) {
      if (cluster % 3 == 0) {
        image.compressed(cluster, image.text(cluster));
      } else {
        image.plain(cluster, image.random(cluster));
      }
    }

    try (var disk = Qcow2Disk.open(ArrivingSource.complete(image.file()));
        var threads = Executors.newFixedThreadPool(4)) {
      var reads = new ArrayList<Future<?>>();
      for (int seed = 0; seed < 8; seed++) {
        var random = new Random(seed);
        reads.add(
            threads.submit(
                () -> {
                  DiskSubject.assertPieces(disk, image.disk(), random);
                  return true;
                }));
      }
      for (var read : reads) {
        read.get();
      }
    }
  }
}
