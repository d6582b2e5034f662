package io.vitrine.format.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.DiskFormats;
import io.vitrine.format.DiskFormats.NewImage;
import io.vitrine.format.block.BlockTarget;
import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.ClusterCompression;
import io.vitrine.format.block.FileSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.conversion.DiskConversion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One image, made and compared in a directory of its own. */
final class ImageTrial {
  /** How images fared that did not differ. */
  enum Outcome {
    EQUAL,
    REFUSED
  }

  private static final int CUTS = 20;
  private static final int UNIT_BYTES = 64 << 10;

  private final Recipe recipe;
  private final Commands commands;
  private final Path image;
  private final Dice dice;
  private int cuts;

  ImageTrial(Recipe recipe, Path directory) {
    this.recipe = recipe;
    commands = new Commands(directory);
    image = directory.resolve(Recipe.IMAGE);
    dice = new Dice(~recipe.seed());
  }

  /** How many cuts were tried. */
  int cuts() {
    return cuts;
  }

  /** Makes the image and compares. What differs is an assertion that fails, or any other failure. */
  Outcome run() throws IOException, InterruptedException {
    RandomContent.prepare(recipe, commands.directory());
    commands.require(recipe.commands().getFirst());
    for (var command : recipe.commands().subList(1, recipe.commands().size())) {
      // What an image cannot do, such as a snapshot with single bits for reference counts, fails.
      commands.run(command);
    }
    var expected = ExpectedDisk.of(recipe, commands);
    if (expected.isEmpty()) {
      requireRefusal();
      return Outcome.REFUSED;
    }
    try (var disk = expected.get()) {
      compare(disk);
    }
    return Outcome.EQUAL;
  }

  private void requireRefusal() throws IOException, InterruptedException {
    try {
      convert(FileSource.open(image), new NewImage("raw", 0, ClusterCompression.NONE), "refused");
    } catch (InvalidImageException expected) {
      return;
    }
    throw new AssertionError("qemu-img refuses this");
  }

  private void compare(ExpectedDisk expected) throws IOException, InterruptedException {
    try (var disk = DiskFormats.open(recipe.diskFormat(), FileSource.open(image))) {
      new ReaderComparison(disk, expected, dice).compare();
    }
    convertWhileArriving(expected);
    convertToFiles(expected);
    if (!recipe.diskFormat().equals("raw")) {
      while (cuts < CUTS) {
        cut(expected);
        cuts++;
      }
    }
  }

  private void convertWhileArriving(ExpectedDisk expected)
      throws IOException, InterruptedException {
    var arriving = ArrivingFile.open(image);
    int most = 1 << dice.between(10, 22);
    var pieces = new Dice(recipe.seed());
    var feeder =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (arriving.feed(1 + pieces.below(most))) {
                    Thread.yield();
                  }
                });
    try {
      convert(arriving, expected);
    } finally {
      feeder.join();
    }
  }

  private void convert(ByteSource file, ExpectedDisk expected)
      throws IOException, InterruptedException {
    try (var disk = DiskFormats.open(recipe.diskFormat(), file);
        var target =
            new CheckingTarget(expected, dice.oneOf(1, UNIT_BYTES), dice.percent(40))) {
      assertThat(disk.sizeBytes()).as("size of the disk").isEqualTo(expected.sizeBytes());
      new DiskConversion(disk, target, dice.between(1, 3)).run();
      assertThat(target.isFinished()).isTrue();
    }
  }

  private void cut(ExpectedDisk expected) throws IOException, InterruptedException {
    long whole = Files.size(image);
    long end = dice.percent(30) ? whole - dice.scaledUpTo(whole) : dice.below(whole);
    try {
      convert(ArrivingFile.cut(image, end), expected);
    } catch (InvalidImageException refused) {
      return;
    } catch (RuntimeException | AssertionError wrong) {
      throw new AssertionError("cut to %d bytes of %d: %s".formatted(end, whole, wrong), wrong);
    }
  }

  private void convertToFiles(ExpectedDisk expected) throws IOException, InterruptedException {
    long size = expected.sizeBytes();
    convert(FileSource.open(image), new NewImage("raw", size, ClusterCompression.NONE), "raw");
    assertThat(Files.size(commands.directory().resolve("raw"))).isEqualTo(size);
    commands.require("qemu-img", "compare", "-q", "-f", "raw", "-F", "raw", "expected", "raw");
    var compression = dice.oneOf(ClusterCompression.values());
    convert(FileSource.open(image), new NewImage("qcow2", size, compression), "qcow2");
    requireSound("qcow2");
    if (size > 0 && dice.percent(50)) {
      convert(FileSource.open(image), new NewImage("vmdk", size, ClusterCompression.ZLIB), "vmdk");
      requireSound("vmdk");
    }
  }

  private void requireSound(String format) throws IOException, InterruptedException {
    commands.require("qemu-img", "check", "-q", "-f", format, format);
    commands.require("qemu-img", "compare", "-q", "-f", "raw", "-F", format, "expected", format);
  }

  private void convert(ByteSource file, NewImage made, String name)
      throws IOException, InterruptedException {
    var path = commands.directory().resolve(name);
    try (var disk = DiskFormats.open(recipe.diskFormat(), file);
        BlockTarget target = DiskFormats.create(path, made)) {
      new DiskConversion(disk, target, dice.between(1, 3)).run();
    }
  }
}
