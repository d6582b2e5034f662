package io.vitrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.config.ByteSize;
import io.vitrine.format.DiskFormats;
import io.vitrine.format.DiskFormats.NewImage;
import io.vitrine.format.block.ClusterCompression;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The image commands on sound images. */
class ImageConversionTest {
  private static final int DISK_BYTES = 4 << 20;
  private static final int DATA_AT = 1 << 20;
  private static final int DATA_BYTES = 256 << 10;

  @TempDir private Path directory = Path.of("");
  private final byte[] disk = new byte[DISK_BYTES];

  @BeforeEach
  void fill() {
    var data = new byte[DATA_BYTES];
    new Random(7).nextBytes(data);
    System.arraycopy(data, 0, disk, DATA_AT, DATA_BYTES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-O qcow2", "-O qcow2 -c", "-O qcow2 -c zstd", "-O vmdk", "-O raw"})
  void convertsThereAndBack(String options) throws Exception {
    var raw = Files.write(directory.resolve("disk.raw"), disk);

    var there = run("image convert " + options + " " + raw + " " + directory.resolve("disk"));
    var back = run("image convert " + directory.resolve("disk") + " " + directory.resolve("back"));

    assertThat(there.text())
        .matches("Converted \\S+ \\(raw, 4 MiB\\) to \\S+ \\(\\w+, .*\\) in \\d+\\.\\d s\\.\\n");
    assertThat(there.code()).isZero();
    assertThat(back.code()).isZero();
    assertThat(directory.resolve("back")).hasBinaryContent(disk);
    assertThat(directory.toFile().list()).hasSize(3);
  }

  @Test
  void describesAnImage() throws Exception {
    var file = qcow2();
    long size = Files.size(file);

    var info = run("image info " + file);

    assertThat(info.text())
        .isEqualTo(
            """
            File:          %s
            Format:        qcow2
            Virtual size:  4 MiB (4194304 bytes)
            File size:     %s (%d bytes)
            Data:          256 KiB (262144 bytes)
            """
                .formatted(file, new ByteSize(size).toWords(), size));
    assertThat(info.code()).isZero();
  }

  @Test
  void describesAnImageForPrograms() throws Exception {
    var file = qcow2();

    var info = run("image info --output json " + file);

    assertThat(new JsonObject(info.text()))
        .isEqualTo(
            new JsonObject()
                .put("file", file.toString())
                .put("valid", true)
                .put("format", "qcow2")
                .putNull("variant")
                .put("virtual_size", DISK_BYTES)
                .put("file_size", Files.size(file))
                .put("data_size", DATA_BYTES)
                .putNull("remarks")
                .put("faults", new JsonArray()));
  }

  @Test
  void findsWhatIsCutOff() throws Exception {
    var file = qcow2();
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) - 65537));

    var info = run("image info " + file);
    var converted = run("image convert " + file + " " + directory.resolve("disk.raw"));

    assertThat(info.code()).isEqualTo(1);
    assertThat(info.text()).contains("\n" + file + " is ");
    assertThat(converted.code()).isEqualTo(1);
    assertThat(converted.text()).startsWith(file + " is ");
    assertThat(directory.toFile().list()).hasSize(1);
  }

  @Test
  void readsAsRawWhatItIsTold() throws Exception {
    var file = qcow2();
    var copy = directory.resolve("copy");

    assertThat(run("image convert --quiet -f raw " + file + " " + copy))
        .isEqualTo(new TestingCommand(0, ""));
    assertThat(copy).hasSameBinaryContentAs(file);
  }

  @Test
  void refusesAnotherFormatThanItIsTold() throws Exception {
    var raw = Files.write(directory.resolve("disk.raw"), disk);

    var converted = run("image convert -f qcow2 " + raw + " " + directory.resolve("copy"));

    assertThat(converted.code()).isEqualTo(1);
    assertThat(converted.text()).startsWith(raw + " ");
    assertThat(directory.toFile().list()).hasSize(1);
  }

  @Test
  void replacesAFileOnlyIfForced() throws Exception {
    var raw = Files.write(directory.resolve("disk.raw"), disk);
    var old = Files.writeString(directory.resolve("old"), "old");

    assertThat(run("image convert " + raw + " " + old))
        .isEqualTo(new TestingCommand(1, old + ": exists; --force replaces it\n"));
    assertThat(old).hasContent("old");

    assertThat(run("image convert --quiet --force " + raw + " " + old))
        .isEqualTo(new TestingCommand(0, ""));
    assertThat(old).hasBinaryContent(disk);
  }

  @Test
  void replacesItsSource() throws Exception {
    var file = qcow2();

    assertThat(run("image convert --quiet --force " + file + " " + file).code()).isZero();

    assertThat(file).hasBinaryContent(disk);
  }

  private Path qcow2() throws IOException {
    var file = directory.resolve("disk.qcow2");
    var image = new NewImage("qcow2", DISK_BYTES, ClusterCompression.NONE);
    try (var target = DiskFormats.create(file, image)) {
      int unit = target.unitBytes();
      for (int at = DATA_AT; at < DATA_AT + DATA_BYTES; at += unit) {
        var data = ByteBuffer.wrap(Arrays.copyOfRange(disk, at, at + unit));
        target.prepare(at, data).write();
      }
      target.finish();
    }
    return file;
  }

  private static TestingCommand run(String command) {
    return TestingCommand.run(Map.of(), command.split(" "));
  }
}
