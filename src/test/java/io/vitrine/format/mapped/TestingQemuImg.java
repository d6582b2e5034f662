package io.vitrine.format.mapped;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The qemu-img of this machine, and disks to feed it with. */
public final class TestingQemuImg {
  private final Path directory;

  /** Logs into a directory. */
  public TestingQemuImg(Path directory) {
    this.directory = directory;
  }

  /** Runs it; fails the test unless it succeeds. */
  public void run(String... arguments) throws IOException, InterruptedException {
    var command = Stream.concat(Stream.of("qemu-img"), Arrays.stream(arguments)).toList();
    var log = directory.resolve("log").toFile();
    var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("qemu-img ends").isTrue();
    assertThat(process.exitValue()).as(Files.readString(log.toPath())).isZero();
  }

  /** Converts a disk into an image in a format, with options. */
  public byte[] image(byte[] disk, String format, String options)
      throws IOException, InterruptedException {
    var raw = Files.write(directory.resolve("raw"), disk).toString();
    var image = directory.resolve("image");
    run("convert", "-f", "raw", "-O", format, "-o", options, raw, image.toString());
    return Files.readAllBytes(image);
  }

  /** The disk that an image holds. */
  public byte[] disk(byte[] image, String format) throws IOException, InterruptedException {
    var file = Files.write(directory.resolve("read"), image).toString();
    var raw = directory.resolve("disk");
    run("convert", "-f", format, "-O", "raw", file, raw.toString());
    return Files.readAllBytes(raw);
  }

  /** A disk with content at its start, in places, and at its end. */
  public static byte[] sparseDisk(int bytes) {
    var disk = new byte[bytes];
    var random = new Random(bytes);
    fill(random, disk, 0, 5000);
    for (int i = 0; i < 4; i++) {
      fill(random, disk, random.nextInt(bytes), random.nextInt(100_000));
    }
    fill(random, disk, bytes - 600, 600);
    return disk;
  }

  private static void fill(Random random, byte[] disk, int from, int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    int at = Math.max(from, 0);
    System.arraycopy(bytes, 0, disk, at, Math.min(count, disk.length - at));
  }
}
