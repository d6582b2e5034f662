package io.vitrine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.Violation;
import io.vitrine.testing.TestingQemuImg;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The images that qemu-img writes are recognised, and accepted unless they lead to other files. */
class QemuImagesIT {
  private static final int DISK_BYTES = 3 << 20;
  private static final int LUKS_PAYLOAD_OFFSET = 4040 * 512;

  @TempDir Path directory;

  static Stream<Arguments> conversions() {
    return Stream.of(
        arguments("qcow2", "qcow2", "compat=1.1"),
        arguments("qcow2", "qcow2", "compat=0.10"),
        arguments("qcow2", "qcow2", "cluster_size=512"),
        arguments("qcow2", "qcow2", "cluster_size=2M"),
        arguments("qcow2", "qcow2", "extended_l2=on,cluster_size=128k"),
        arguments("qcow2", "qcow2", "compression_type=zstd"),
        arguments("qcow2", "qcow2", "lazy_refcounts=on"),
        arguments("vhd", "vpc", "subformat=dynamic,force_size=on"),
        arguments("vhd", "vpc", "subformat=fixed,force_size=on"),
        arguments("vhdx", "vhdx", "subformat=dynamic"),
        arguments("vhdx", "vhdx", "subformat=fixed"),
        arguments("vmdk", "vmdk", "subformat=monolithicSparse"),
        arguments("vmdk", "vmdk", "subformat=streamOptimized"),
        arguments("vdi", "vdi", "static=off"),
        arguments("vdi", "vdi", "static=on"));
  }

  @Tag("qemu")
  @ParameterizedTest
  @MethodSource("conversions")
  void acceptsConvertedDisks(String diskFormat, String qemuFormat, String options)
      throws Exception {
    var disk = Files.write(directory.resolve("disk"), disk());
    var image = directory.resolve("image");

    TestingQemuImg.run("convert", "-f", "raw", "-O", qemuFormat, "-o", options, disk, image);

    var inspection = inspect(image);
    var rules = new FormatRules(TestingFormatConfig.DEFAULT);
    assertThat(rules.accept(inspection, diskFormat, "bare")).hasValue(DISK_BYTES);
    assertThat(rules.sourceFormat(inspection, diskFormat)).isEqualTo(qemuFormat);
  }

  /**
   * The header is one that qemu-img 7.2 wrote for a disk of 3 MiB. It is kept, as qemu-img measures
   * the processor for the key's iterations and gives up where the clock of a thread is coarse.
   */
  @Test
  void recognisesLuks() throws Exception {
    var image = directory.resolve("image");
    try (var header = QemuImagesIT.class.getResourceAsStream("qemu-luks-header.bin")) {
      Files.write(image, Objects.requireNonNull(header).readAllBytes());
    }
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(LUKS_PAYLOAD_OFFSET + DISK_BYTES);
    }

    assertThat(inspect(image).formats()).containsExactly(ContentFormat.LUKS);
    assertThat(inspect(image).violations()).isEmpty();
    assertThat(inspect(image).virtualSizeBytes()).hasValue(DISK_BYTES);
  }

  @Tag("qemu")
  @Test
  void refusesBackingFiles() throws Exception {
    var base = Files.write(directory.resolve("disk"), disk());
    var image = directory.resolve("image");

    TestingQemuImg.run("create", "-f", "qcow2", "-F", "raw", "-b", base, image);

    assertThat(inspect(image).violations()).extracting(Violation::check).contains("backing_file");
  }

  @Tag("qemu")
  @Test
  void refusesExternalDataFiles() throws Exception {
    var image = directory.resolve("image");

    TestingQemuImg.run(
        "create", "-f", "qcow2", "-o", "data_file=" + directory.resolve("data"), image, "3M");

    assertThat(inspect(image).violations())
        .extracting(Violation::reason)
        .contains("has an external data file", "names an external data file in its header");
  }

  @Tag("qemu")
  @Test
  void refusesVmdkOfSeveralFiles() throws Exception {
    for (var subformat : List.of("monolithicFlat", "twoGbMaxExtentSparse", "twoGbMaxExtentFlat")) {
      var image = directory.resolve(subformat + ".vmdk");

      TestingQemuImg.run("create", "-f", "vmdk", "-o", "subformat=" + subformat, image, "3M");

      assertThat(inspect(image).formats()).as(subformat).containsExactly(ContentFormat.VMDK);
      assertThat(inspect(image).violations()).as(subformat).isNotEmpty();
    }
  }

  @Tag("qemu")
  @Test
  void refusesVmdkWithParent() throws Exception {
    var base = directory.resolve("base.vmdk");
    var image = directory.resolve("image.vmdk");

    TestingQemuImg.run("create", "-f", "vmdk", base, "3M");
    TestingQemuImg.run("create", "-f", "vmdk", "-F", "vmdk", "-b", base, image);

    assertThat(inspect(image).violations()).extracting(Violation::check).contains("parent");
  }

  @Tag("qemu")
  @Test
  void refusesQed() throws Exception {
    var image = directory.resolve("image");

    TestingQemuImg.run("create", "-f", "qed", image, "3M");

    assertThat(inspect(image).violations()).extracting(Violation::check).containsExactly("banned");
  }

  /** A partitioned disk with some content, so that a fixed VHD of it has two formats. */
  private static byte[] disk() {
    var disk = TestingImage.mbr().cutTo(DISK_BYTES);
    for (var at = 1 << 20; at < 2 << 20; at += 7) {
      disk.int8(at, at);
    }
    return disk.toBytes();
  }

  private static Inspection inspect(Path image) throws IOException {
    return TestingInspection.inspect(Files.readAllBytes(image), 64 << 10);
  }
}
