package io.vitrine.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The qemu-img of this machine, and disks to feed it with. */
public final class TestingQemuImg {
  private final Path directory;

  /** For images in memory, which it sees as files in a directory. */
  public TestingQemuImg(Path directory) {
    this.directory = directory;
  }

  /** Runs qemu-img; what it wrote. Fails the test unless it succeeds. */
  public static String run(Object... arguments) throws IOException, InterruptedException {
    return runProgram("qemu-img", arguments);
  }

  /** Runs qemu-io; what it wrote. Fails the test unless it succeeds. */
  public static String io(Object... arguments) throws IOException, InterruptedException {
    return runProgram("qemu-io", arguments);
  }

  private static String runProgram(String program, Object[] arguments)
      throws IOException, InterruptedException {
    var command =
        Stream.concat(Stream.of(program), Arrays.stream(arguments).map(Object::toString)).toList();
    var log = Files.createTempFile(program, ".log");
    var process = start(command, log);
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
      var output = Files.readString(log);
      assertThat(process.exitValue()).as("%s: %s", command, output).isZero();
      return output;
    } finally {
      process.destroyForcibly();
      Files.delete(log);
    }
  }

  private static Process start(List<String> command, Path log) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start();
    } catch (IOException missing) {
      throw new AssertionError("These tests need qemu-img: install qemu-utils", missing);
    }
  }

  /** Another form of a raw image, beside it; the options begin with qemu's name of the format. */
  public static Path convert(Path raw, String options) throws IOException, InterruptedException {
    var target = raw.resolveSibling("other." + options.replaceAll("[^a-zA-Z0-9]", ""));
    convert(raw, options, target);
    return target;
  }

  /** Another form of a raw image; the options begin with qemu's name of the format. */
  public static void convert(Path raw, String options, Path target)
      throws IOException, InterruptedException {
    var arguments = new ArrayList<Object>(List.of("convert", "-f", "raw", "-O"));
    arguments.addAll(List.of(options.split(" ", -1)));
    arguments.addAll(List.of(raw, target));
    run(arguments.toArray());
  }

  /** Converts a disk into an image in a format, with options. */
  public byte[] image(byte[] disk, String format, String options)
      throws IOException, InterruptedException {
    var raw = Files.write(directory.resolve("raw"), disk);
    var image = directory.resolve("image");
    run("convert", "-f", "raw", "-O", format, "-o", options, raw, image);
    return Files.readAllBytes(image);
  }

  /** The image of a disk to which 192 KiB were written at each of the offsets, in turn. */
  public byte[] written(String format, String options, String size, String... offsets)
      throws IOException, InterruptedException {
    var image = directory.resolve("image");
    run("create", "-f", format, "-o", options, image, size);
    for (var offset : offsets) {
      run("bench", "-f", format, "-w", "-c", "3", "-o", offset, "--pattern", "7", image);
    }
    return Files.readAllBytes(image);
  }

  /** The disk that an image holds. */
  public byte[] disk(byte[] image, String format) throws IOException, InterruptedException {
    var file = Files.write(directory.resolve("read"), image);
    var raw = directory.resolve("disk");
    run("convert", "-f", format, "-O", "raw", file, raw);
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
