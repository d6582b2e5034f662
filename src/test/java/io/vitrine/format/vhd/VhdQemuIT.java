package io.vitrine.format.vhd;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.FormatInspector;
import io.vitrine.format.mapped.DiskSubject;
import io.vitrine.format.mapped.TestingQemuImg;
import java.nio.ByteBuffer;
import java.nio.file.Files;
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
    assertThat(violations(image)).isZero();
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
    var file = directory.resolve("image.vhd");
    qemu.run("create", "-f", "vpc", "-o", "force_size=on", file.toString(), "12M");
    for (var offset : new String[] {"8M", "2M", "10M", "0"}) {
      qemu.run(
          "bench", "-f", "vpc", "-w", "-c", "3", "-o", offset, "--pattern", "7", file.toString());
    }
    var image = Files.readAllBytes(file);

    vhd.holds(image, qemu.disk(image, "vpc"));
    assertThat(vhd.extents(image)).element(1).isEqualTo("HOLE 4194304+4194304");
    assertThat(violations(image)).isZero();
    assertThat(violations(Arrays.copyOf(image, image.length - MIB))).isOne();
  }

  private static int violations(byte[] image) {
    var inspector = new FormatInspector();
    inspector.update(ByteBuffer.wrap(image));
    return inspector.finish().violations().size();
  }
}
