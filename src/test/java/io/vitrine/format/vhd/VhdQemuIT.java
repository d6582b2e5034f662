package io.vitrine.format.vhd;

import static io.vitrine.format.TestingInspection.inspect;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.mapped.DiskSubject;
import io.vitrine.testing.TestingQemuImg;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("qemu")
class VhdQemuIT {
  private static final int MIB = 1 << 20;

  @TempDir Path directory;

  private final DiskSubject vhd = DiskSubject.of(VhdDisk::open);

  /** Without force_size, qemu makes the disk as long as its cylinders, heads and sectors tell. */
  @ParameterizedTest
  @CsvSource({
    "'subformat=dynamic,force_size=on', 512",
    "'subformat=dynamic,force_size=on', 2097152",
    "'subformat=dynamic,force_size=on', 9441792",
    "'subformat=dynamic,force_size=off', 512",
    "'subformat=dynamic,force_size=off', 9441792",
    "'subformat=dynamic,force_size=off', 8912896",
    "'subformat=fixed,force_size=on', 512",
    "'subformat=fixed,force_size=on', 9441792",
    "'subformat=fixed,force_size=off', 9441792",
    "'subformat=fixed,force_size=off', 8912896"
  })
  void readsWhatQemuWrites(String options, int diskBytes) throws Exception {
    var disk = TestingQemuImg.sparseDisk(diskBytes);

    var image = new TestingQemuImg(directory).image(disk, "vpc", options);

    int sizeBytes =
        options.contains("off")
            ? new TestingQemuImg(directory).disk(image, "vpc").length
            : diskBytes;
    assertThat(sizeBytes).isGreaterThanOrEqualTo(diskBytes);
    vhd.holds(image, Arrays.copyOf(disk, sizeBytes));
    assertThat(inspect(image).violations()).isEmpty();
  }

  @Test
  void ignoresBitmapsAsQemuDoes() throws Exception {
    var qemu = new TestingQemuImg(directory);
    var disk = TestingQemuImg.sparseDisk(5 * MIB);
    var image = qemu.image(disk, "vpc", "subformat=dynamic,force_size=on");
    int bitmapAt = ByteBuffer.wrap(image).getInt(TestingVhd.TABLE_AT) * 512;
    Arrays.fill(image, bitmapAt, bitmapAt + 512, (byte) 0);

    assertThat(qemu.disk(image, "vpc")).isEqualTo(disk);
    vhd.holds(image, disk);
  }

  @Test
  void readsBlocksInTheOrderInWhichTheyWereWritten() throws Exception {
    var qemu = new TestingQemuImg(directory);
    var image = qemu.written("vpc", "force_size=on", "12M", "8M", "2M", "10M", "0");

    vhd.holds(image, qemu.disk(image, "vpc"));
    assertThat(vhd.extents(image)).element(1).isEqualTo("HOLE 4194304+4194304");
    assertThat(inspect(image).violations()).isEmpty();
    assertThat(inspect(Arrays.copyOf(image, image.length - MIB)).violations()).hasSize(1);
  }
}
