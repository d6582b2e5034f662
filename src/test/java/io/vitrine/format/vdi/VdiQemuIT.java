package io.vitrine.format.vdi;

import static io.vitrine.format.TestingInspection.inspect;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.mapped.DiskSubject;
import io.vitrine.testing.TestingQemuImg;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("qemu")
class VdiQemuIT {
  private static final int MIB = 1 << 20;

  @TempDir Path directory;

  private final DiskSubject vdi = DiskSubject.of(VdiDisk::open);

  @ParameterizedTest
  @CsvSource({
    "static=off, 512",
    "static=off, 1048576",
    "static=off, 9441792",
    "static=on, 512",
    "static=on, 3145728",
    "static=on, 9441792"
  })
  void readsWhatQemuWrites(String options, int diskBytes) throws Exception {
    var disk = TestingQemuImg.sparseDisk(diskBytes);

    var image = new TestingQemuImg(directory).image(disk, "vdi", options);

    vdi.holds(image, disk);
    assertThat(inspect(image).violations()).isEmpty();
    assertThat(inspect(Arrays.copyOf(image, image.length - MIB)).violations()).hasSize(1);
  }

  @Test
  void readsBlocksInTheOrderInWhichTheyWereWritten() throws Exception {
    var qemu = new TestingQemuImg(directory);
    var image = qemu.written("vdi", "static=off", "6M", "4M", "1M", "5M", "0");

    vdi.holds(image, qemu.disk(image, "vdi"));
    assertThat(vdi.extents(image)).element(1).isEqualTo("HOLE 2097152+2097152");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1000001", "5M"})
  void readsEmptyDisks(String size) throws Exception {
    var qemu = new TestingQemuImg(directory);
    var image = qemu.written("vdi", "static=off", size);

    vdi.holds(image, qemu.disk(image, "vdi"));
    assertThat(inspect(image).violations()).isEmpty();
  }
}
