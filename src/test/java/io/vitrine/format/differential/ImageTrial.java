package io.vitrine.format.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.DiskFormats;
import io.vitrine.format.DiskFormats.NewImage;
import io.vitrine.format.FormatInspector;
import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.ClusterCompression;
import io.vitrine.format.block.FileSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.conversion.DiskConversion;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One image, made and compared in a directory of its own. */
final class ImageTrial {
  /** How an image fared. */
  enum Outcome {
    EQUAL,
    REFUSED,
    /** Damaged in a way that only one of the two notices. */
    JUDGED_ALONE,
    DIFFERENT
  }

  private static final int SECTOR_BYTES = 512;
  private static final int CUTS = 20;

  /** The exit status of qemu-img check for an image that is corrupt. */
  private static final int FAULTS_FOUND = 2;

  /** About how many pieces a large file arrives in. */
  private static final int MAX_PIECES = 500;

  /** Of the targets that have units. */
  private static final int UNIT_BYTES = 64 << 10;

  private final Recipe recipe;
  private final Commands commands;
  private final Path image;
  private final Dice dice;
  private final List<String> wrongCuts = new ArrayList<>();
  private int cuts;

  ImageTrial(Recipe recipe, Path directory) {
    this.recipe = recipe;
    commands = new Commands(directory);
    image = directory.resolve(Recipe.IMAGE);
    dice = new Dice(~recipe.seed());
  }

  Recipe recipe() {
    return recipe;
  }

  /** What was read from files that were cut off, other than what the whole file has. */
  List<String> wrongCuts() {
    return wrongCuts;
  }

  /** How many cuts were tried. */
  int cuts() {
    return cuts;
  }

  /** Makes the image and compares. What differs is an assertion that fails, or another failure. */
  Outcome run() throws IOException, InterruptedException {
    make();
    var expected = ExpectedDisk.of(recipe, commands);
    try {
      if (expected.isEmpty()) {
        convert("raw", ClusterCompression.NONE);
        return alone("qemu-img refuses the image");
      }
      try (var disk = expected.get()) {
        return compare(disk);
      }
    } catch (InvalidImageException refusal) {
      return expected.isEmpty() ? Outcome.REFUSED : alone("the image " + refusal.getMessage());
    }
  }

  private void make() throws IOException, InterruptedException {
    RandomContent.prepare(recipe, commands.directory());
    commands.require(recipe.commands().getFirst());
    for (var command : recipe.commands().subList(1, recipe.commands().size())) {
      // What an image cannot do fails, such as a snapshot with single bits for reference counts.
      commands.run(command);
    }
    for (var command : recipe.damage()) {
      // Bytes past the end of a short file cannot be damaged.
      commands.run(command);
    }
  }

  private Outcome alone(String reason) throws IOException, InterruptedException {
    if (!recipe.isDamaged() && !isDamagedByQemu()) {
      throw new AssertionError(reason);
    }
    return Outcome.JUDGED_ALONE;
  }

  /**
   * Whether qemu spoiled the image and says so, as 7.2 may where compressed clusters follow a
   * snapshot. After a crash its check finds faults that it mends when it opens the image.
   */
  private boolean isDamagedByQemu() throws IOException, InterruptedException {
    if (!recipe.diskFormat().equals("qcow2")) {
      return false;
    }
    var check = commands.run("qemu-img", "check", "-f", "qcow2", Recipe.IMAGE);
    return (check.status() == FAULTS_FOUND && !recipe.crashes())
        || commands.require("qemu-img", "info", Recipe.IMAGE).contains("corrupt: true");
  }

  private Outcome compare(ExpectedDisk expected) throws IOException, InterruptedException {
    try (var disk = DiskFormats.open(recipe.diskFormat(), FileSource.open(image))) {
      if (recipe.isDamaged() && disk.sizeBytes() % SECTOR_BYTES != 0) {
        // Formats with a size in bytes keep it, which qemu-img rounds.
        return Outcome.JUDGED_ALONE;
      }
      new ReaderComparison(disk, expected, dice).compare();
    }
    requireAccepted(expected);
    convertWhileArriving(expected);
    convertToFiles(expected);
    while (cuts < CUTS && !recipe.isRaw()) {
      cuts++;
      cut(expected);
    }
    return Outcome.EQUAL;
  }

  /** What can be read is accepted at upload too. */
  private void requireAccepted(ExpectedDisk expected) throws IOException {
    if (!recipe.isRaw() && !recipe.isDamaged()) {
      try (var file = FileChannel.open(image)) {
        var inspection = FormatInspector.inspect(file);
        assertThat(inspection.violations()).isEmpty();
        assertThat(inspection.virtualSizeBytes()).hasValue(expected.sizeBytes());
      }
    }
  }

  private void convertWhileArriving(ExpectedDisk expected)
      throws IOException, InterruptedException {
    var arriving = ArrivingSource.of(FileSource.open(image));
    long most = Math.max(1 << dice.between(10, 22), Files.size(image) / MAX_PIECES);
    var feeder = Thread.ofVirtual().start(() -> feed(arriving, most));
    try {
      convert(arriving, expected);
    } finally {
      feeder.join();
    }
  }

  private void feed(ArrivingSource arriving, long mostBytes) {
    var pieces = new Dice(recipe.seed());
    try {
      while (arriving.feedReader(1 + pieces.below(mostBytes))) {}
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void convert(ByteSource file, ExpectedDisk expected)
      throws IOException, InterruptedException {
    try (var disk = DiskFormats.open(recipe.diskFormat(), file);
        var target = new CheckingTarget(expected, dice.oneOf(1, UNIT_BYTES), dice.percent(40))) {
      assertThat(disk.sizeBytes()).as("size of the disk").isEqualTo(expected.sizeBytes());
      new DiskConversion(disk, target, dice.between(1, 3)).run();
      assertThat(target.isFinished()).isTrue();
    }
  }

  private void cut(ExpectedDisk expected) throws IOException, InterruptedException {
    long whole = Files.size(image);
    long end = dice.percent(30) ? whole - dice.scaledUpTo(whole) : dice.below(whole);
    try {
      convert(ArrivingSource.of(FileSource.open(image)).feedUntil(end).end(), expected);
    } catch (InvalidImageException refused) {
      // As it should be, unless only bytes are missing that nothing needs.
    } catch (RuntimeException | AssertionError wrong) {
      wrongCuts.add("cut to %d bytes of %d: %s".formatted(end, whole, wrong));
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
