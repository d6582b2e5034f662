package io.vitrine.format.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.ClusterCompression;
import io.vitrine.format.block.TestingReads;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a file must have arrived before its data can be read. */
class Qcow2ArrivalTest {
  private static final int CLUSTER = 512;
  private static final int CLUSTERS_PER_TABLE = 64;

  @TempDir Path directory;

  @Test
  void waitsForTheL1TableOnly() throws Exception {
    var file = ArrivingSource.complete(threeTables().file());

    Qcow2Disk.open(file).close();

    assertThat(file.neededBytes()).isLessThanOrEqualTo(4 * CLUSTER);
    assertThat(file.wasEndNeeded()).isFalse();
  }

  @Test
  void givesDataAsItArrives() throws Exception {
    var image = threeTables();
    var file = ArrivingSource.complete(image.file());
    int pieces = 0;

    try (var disk = Qcow2Disk.open(file)) {
      var extents = disk.dataInFileOrder();
      for (var next = extents.next(); next.isPresent(); next = extents.next()) {
        var extent = next.get();
        assertThat(file.neededBytes()).isLessThanOrEqualTo(position(image, extent.offset()));

        TestingReads.piece(disk, extent.offset(), (int) extent.lengthBytes());
        assertThat(file.neededBytes())
            .isLessThanOrEqualTo(position(image, extent.offset()) + extent.lengthBytes());
        pieces++;
      }
    }

    assertThat(pieces).isEqualTo(9);
    assertThat(file.wasEndNeeded()).isFalse();
  }

  @Test
  void dataBeforeItsTableComesLate() throws Exception {
    var image = TestingQcow2.version3(9, 2 * CLUSTERS_PER_TABLE * CLUSTER);
    image
        .plainBeforeTable(70, image.random(1))
        .plain(0, image.random(2))
        .plain(71, image.random(3));

    try (var disk = Qcow2Disk.open(ArrivingSource.complete(image.file()))) {
      assertThat(TestingReads.list(disk.dataInFileOrder()))
          .extracting(extent -> extent.offset() / CLUSTER)
          .containsExactly(70L, 0L, 71L);
    }
  }

  @Test
  void whatWeWriteIsReadAsItArrives() throws Exception {
    var path = directory.resolve("image");
    var unit = ByteBuffer.wrap(TestingQcow2.version3(16, 1 << 16).random(1));
    try (var target = Qcow2Target.create(path, 3L << 30, ClusterCompression.ZLIB)) {
      for (long offset = 0; offset < 3L << 30; offset += 256 << 20) {
        target.prepare(offset, unit).write();
      }
      target.finish();
    }
    var file = ArrivingSource.complete(Files.readAllBytes(path));

    try (var disk = Qcow2Disk.open(file)) {
      var extents = disk.dataInFileOrder();
      for (long offset = 0; offset < 3L << 30; offset += 256 << 20) {
        assertThat(extents.next().orElseThrow().offset()).isEqualTo(offset);
        // The header, the L1 table, a table for every two units, and the units before.
        long tables = offset / (512 << 20) + 1;
        assertThat(file.neededBytes() >> 16).isEqualTo(2 + tables + (tables - 1) * 2);
      }
    }
  }

  /** Each table lies before its data. */
  private static TestingQcow2 threeTables() {
    var image = TestingQcow2.version3(9, 3 * CLUSTERS_PER_TABLE * CLUSTER);
    for (int table : new int[] {1, 0, 2}) {
      for (int cluster : new int[] {7, 3, 50}) {
        image.plain(table * CLUSTERS_PER_TABLE + cluster, image.random(cluster));
      }
    }
    return image;
  }

  private static long position(TestingQcow2 image, long offset) {
    return image.int64At(image.l2Entry((int) (offset / CLUSTER)));
  }
}
