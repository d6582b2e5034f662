package io.vitrine.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.config.ByteSize;
import io.vitrine.importer.convert.ConversionLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes images by qemu-img, and finds and freezes its processes. */
public final class TestingImages {
  public static final int MIB = 1 << 20;
  public static final ConversionLimits LIMITS =
      new ConversionLimits(
          new ByteSize(512L * MIB),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          new ByteSize(512L * MIB));

  private TestingImages() {}

  /** A raw image of random bytes with a hole in its middle. */
  public static Path raw(Path directory, int sizeMib) throws IOException {
    var file = directory.resolve("source.raw");
    var random = new Random(42);
    var block = new byte[MIB];
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long index = 0; index < sizeMib; index++) {
        random.nextBytes(block);
        if (index != sizeMib / 2) {
          channel.write(ByteBuffer.wrap(block), index * MIB);
        }
      }
    }
    return file;
  }

  /** Another form of a raw image, beside it; the options begin with qemu's name of the format. */
  public static Path convert(Path raw, String options) throws Exception {
    var target = raw.resolveSibling("other." + options.replaceAll("[^a-zA-Z0-9]", ""));
    var arguments = new ArrayList<>(List.of("convert", "-f", "raw", "-O"));
    arguments.addAll(List.of(options.split(" ", -1)));
    arguments.addAll(List.of(raw.toString(), target.toString()));
    qemuImg(arguments.toArray(String[]::new));
    return target;
  }

  /** Runs qemu-img without any sandbox, as its users do to make their images. */
  public static void qemuImg(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("qemu-img"));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }

  /**
   * Stops the converter that this process started where it is, so that it would never end by
   * itself.
   */
  public static long freezeConverter() {
    long pid =
        ProcessHandle.current()
            .children()
            .filter(child -> child.info().command().orElse("").endsWith("/qemu-img"))
            .findFirst()
            .orElseThrow()
            .pid();
    try {
      var kill = new ProcessBuilder("/bin/kill", "-STOP", Long.toString(pid)).start();
      assertThat(kill.waitFor()).isZero();
    } catch (IOException | InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
    return pid;
  }

  /** Whether the process has ended; one that nobody has waited for yet counts as ended. */
  public static boolean isGone(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .anyMatch(line -> line.startsWith("State:\tZ") || line.startsWith("State:\tX"));
    } catch (IOException gone) {
      return true;
    }
  }
}
