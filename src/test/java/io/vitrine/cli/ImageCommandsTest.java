package io.vitrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageCommandsTest {
  private static final int QCOW2_HEADER_BYTES = 104;

  @TempDir private Path directory = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path source = Path.of("");

  @BeforeEach
  void create() throws Exception {
    source = Files.write(directory.resolve("source"), new byte[5 << 10]);
  }

  @Test
  void saysWhyAnImageIsRefused() throws Exception {
    var file = Files.write(directory.resolve("disk.qcow2"), qcow2WithBackingFile());

    assertThat(run("image", "info", file.toString())).isEqualTo(1);
    assertThat(out.toString())
        .isEqualTo(
            """
            File:          %s
            Format:        qcow2
            Virtual size:  10 MiB (10485760 bytes)
            File size:     256 KiB (262144 bytes)
            """
                .formatted(file));
    assertThat(err.toString()).startsWith(file + " is refused: it has a backing file; flatten it");
  }

  @Test
  void printsJsonOnlyOnStandardOutput() throws Exception {
    var file = Files.write(directory.resolve("disk.qcow2"), qcow2WithBackingFile());

    assertThat(run("image", "info", "--output=json", file.toString())).isEqualTo(1);
    assertThat(new JsonObject(out.toString()).getBoolean("valid")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"info", "convert"})
  void helps(String command) {
    assertThat(run("image", command, "--help")).isZero();
    assertThat(out.toString()).contains("Usage: vitrine image " + command);
  }

  @Test
  void needsAFile() {
    var absent = directory.resolve("absent");

    assertThat(run("image", "info", absent.toString())).isEqualTo(1);
    assertThat(run("image", "info", directory.toString())).isEqualTo(1);
    assertThat(run("image", "convert", directory.toString(), absent.toString())).isEqualTo(1);
    assertThat(run("image", "convert", "-f", "raw", "/dev/null", absent.toString())).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(
            absent + ": no such file or directory",
            directory + " is neither a file nor a block device",
            directory + " is neither a file nor a block device",
            "/dev/null is neither a file nor a block device");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void convertsNothingThatIsRefused() throws Exception {
    var file = Files.write(directory.resolve("disk.qcow2"), qcow2WithBackingFile());
    var destination = directory.resolve("disk.raw");

    assertThat(run("image", "convert", file.toString(), destination.toString())).isEqualTo(1);
    assertThat(err.toString()).startsWith(file + " is refused: it has a backing file");
    assertThat(destination).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-c            | -c goes with -O qcow2 only.",
        "-O raw -czstd | -c goes with -O qcow2 only.",
        "-O vmdk -c    | -c goes with -O qcow2 only: vmdk is always compressed.",
        "-O vdi        | -O: \"vdi\" is not one of qcow2, raw, vmdk.",
        "-f vpc        | -f: \"vpc\" is not one of qcow2, raw, vdi, vhd, vhdx, vmdk.",
        "-O            | Missing required parameter: 'DST'",
        "--fast        | Unknown option: '--fast'"
      })
  void explainsUsage(String options, String complaint) {
    var destination = directory.resolve("destination");

    assertThat(run(("image convert " + options + " " + source + " " + destination).split(" ")))
        .isEqualTo(2);
    assertThat(err.toString()).startsWith(complaint).contains("Usage: vitrine image convert");
    assertThat(destination).doesNotExist();
  }

  @Test
  void refusesStandardStreams() {
    assertThat(run("image", "info", "-")).isEqualTo(2);
    assertThat(run("image", "convert", "-", "disk.raw")).isEqualTo(2);
    assertThat(run("image", "convert", source.toString(), "-")).isEqualTo(2);
    assertThat(err.toString().lines().filter(line -> line.contains("\"-\" is not supported")))
        .hasSize(3);
  }

  @Test
  void wantsAKnownOutput() {
    assertThat(run("image", "info", "--output", "xml", source.toString())).isEqualTo(2);
    assertThat(run("image")).isEqualTo(2);
    assertThat(run("image", "info")).isEqualTo(2);
    assertThat(run("image", "info", source.toString(), source.toString())).isEqualTo(2);
  }

  private static byte[] qcow2WithBackingFile() {
    return ByteBuffer.allocate(256 << 10)
        .putInt(0, 0x514649fb)
        .putInt(4, 3)
        .putLong(8, QCOW2_HEADER_BYTES) // backing_file_offset
        .putInt(16, 4)
        .putInt(20, 16)
        .putLong(24, 10 << 20)
        .putInt(36, 1)
        .putLong(40, 192 << 10)
        .putLong(48, 64 << 10)
        .putInt(56, 1)
        .putInt(100, QCOW2_HEADER_BYTES)
        .array();
  }

  private int run(String... arguments) {
    return new CommandLineInterface(
            config -> {
              throw new IllegalStateException("a command serves");
            },
            Map.of(),
            new PrintWriter(out, true),
            new PrintWriter(err, true))
        .run(arguments);
  }
}
