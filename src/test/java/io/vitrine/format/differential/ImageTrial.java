package io.vitrine.format.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.DiskFormats;
import io.vitrine.format.DiskFormats.NewImage;
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
    REFUSED,
    /** Damaged, which qemu-img does not notice. */
    STRICTLY_REFUSED
  }

  private static final int SECTOR_BYTES = 512;
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
    for (var command : recipe.damage()) {
      commands.run(command);
    }
    var expected = ExpectedDisk.of(recipe, commands);
    if (expected.isEmpty()) {
      requireRefusal();
      return Outcome.REFUSED;
    }
    try (var disk = expected.get()) {
      compare(disk);
      return Outcome.EQUAL;
    } catch (InvalidImageException refusal) {
      if (recipe.isDamaged()) {
        return Outcome.STRICTLY_REFUSED;
      }
      throw refusal;
    }
  }

  private void requireRefusal() throws IOException, InterruptedException {
    try {
      convert("raw", ClusterCompression.NONE);
    } catch (InvalidImageException expected) {
      return;
    }
    throw new AssertionError("qemu-img refuses this");
  }

  private void compare(ExpectedDisk expected) throws IOException, InterruptedException {
    try (var disk = DiskFormats.open(recipe.diskFormat(), FileSource.open(image))) {
      if (recipe.isDamaged() && disk.sizeBytes() % SECTOR_BYTES != 0) {
        // Ours are exact, and those of qemu-img whole sectors.
        throw new InvalidImageException("has a size that is compared with no other");
      }
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
    var raw = convert("raw", ClusterCompression.NONE);
    assertThat(Files.size(raw)).as("size of the raw disk").isEqualTo(expected.sizeBytes());
    requireEqual("raw");
    convert("qcow2", dice.oneOf(ClusterCompression.values()));
    requireSound("qcow2");
    if (expected.sizeBytes() > 0 && dice.percent(50)) {
      convert("vmdk", ClusterCompression.ZLIB);
      requireSound("vmdk");
    }
  }

  private void requireSound(String format) throws IOException, InterruptedException {
    commands.require("qemu-img", "check", "-q", "-f", format, converted(format).toString());
    requireEqual(format);
  }

  private void requireEqual(String format) throws IOException, InterruptedException {
    var file = converted(format).toString();
    commands.require("qemu-img", "compare", "-q", "-f", "raw", "-F", format, "expected", file);
  }

  private Path converted(String format) {
    return commands.directory().resolve("converted." + format);
  }

  private Path convert(String format, ClusterCompression compression)
      throws IOException, InterruptedException {
    var path = converted(format);
    try (var disk = DiskFormats.open(recipe.diskFormat(), FileSource.open(image));
        var target =
            DiskFormats.create(path, new NewImage(format, disk.sizeBytes(), compression))) {
      new DiskConversion(disk, target, dice.between(1, 3)).run();
    }
    return path;
  }
}
