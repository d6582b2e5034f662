package io.vitrine.format.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Invents recipes. */
final class RandomRecipe {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final int DAMAGED_PERCENT = 10;
  private static final List<Long> SIZE_BOUNDS =
      Stream.of(0, 64, 64, 1024, 1024, 1024, 4096, 4096, 16384, 16384, 16384, 262_144, 8_388_608)
          .map(kib -> (long) kib * KIB)
          .toList();
  private static final List<String> FORMATS =
      List.of(
          "qcow2", "qcow2", "qcow2", "qcow2", "vmdk", "vmdk", "vdi", "vhd", "vhdx", "vhdx", "raw");

  private final Dice dice;
  private final String diskFormat;
  private final List<List<String>> commands = new ArrayList<>();
  private long diskBytes;

  private RandomRecipe(Dice dice) {
    this.dice = dice;
    diskFormat = dice.oneOf(FORMATS);
    diskBytes = size();
  }

  /** The recipe of a seed. */
  static Recipe of(long seed) {
    var recipe = new RandomRecipe(new Dice(seed));
    long diskBytes = recipe.diskBytes;
    recipe.invent();
    return new Recipe(
        seed, recipe.diskFormat, diskBytes, List.copyOf(recipe.commands), recipe.damage());
  }

  private long size() {
    long bound = dice.oneOf(SIZE_BOUNDS);
    // Nothing tells holes of raw files, so that all of them is read.
    long size = dice.below(diskFormat.equals("raw") ? Math.min(bound, 16 * MIB) : bound);
    size = dice.percent(60) ? size / 512 * 512 : size;
    // qemu-img makes no empty disks of these that it could open, or fails to make them.
    return size == 0 && List.of("vmdk", "vhd", "vhdx").contains(diskFormat) ? 1 : size;
  }

  private void invent() {
    String format = diskFormat.equals("vhd") ? "vpc" : diskFormat;
    var options = new RandomOptions(dice, diskBytes);
    var words = options.choose(diskFormat);
    if (options.isWritable() && dice.percent(30)) {
      commands.add(
          command(
              List.of("qemu-img", "create", "-q", "-f", format),
              words,
              Recipe.IMAGE,
              "" + roundedUp()));
    } else {
      var convert = new ArrayList<>(List.of("qemu-img", "convert", "-f", "raw", "-O", format));
      if (options.isCompressible() && dice.percent(40)) {
        convert.add("-c");
      }
      commands.add(command(convert, words, Recipe.DISK, Recipe.IMAGE));
    }
    if (options.isWritable() && diskBytes > 0) {
      var writes = new RandomWrites(dice, format, options);
      for (int rounds = dice.between(0, 3); rounds > 0; rounds--) {
        change(writes, options);
      }
    }
  }

  /** Cuts off nearly all, or overwrites a few bytes, most likely of a header or a table. */
  private List<List<String>> damage() {
    if (diskFormat.equals("raw") || !dice.percent(DAMAGED_PERCENT)) {
      return List.of();
    }
    if (dice.percent(20)) {
      return List.of(List.of("truncate", "-s", "" + dice.below(512), Recipe.IMAGE));
    }
    var command = new ArrayList<>(List.of("qemu-io", "-f", "raw"));
    for (int bytes = dice.between(1, 3); bytes > 0; bytes--) {
      command.addAll(
          List.of(
              "-c",
              "write -P %d %d 1".formatted(dice.between(0, 255), dice.scaledUpTo(3 * MIB) - 1)));
    }
    command.add(Recipe.IMAGE);
    return List.of(command);
  }

  private long roundedUp() {
    return Math.ceilDiv(diskBytes, 512) * 512;
  }

  private void change(RandomWrites writes, RandomOptions options) {
    if (diskFormat.equals("qcow2") && dice.percent(30)) {
      commands.add(
          List.of("qemu-img", "snapshot", "-c", "snapshot" + commands.size(), Recipe.IMAGE));
    }
    if (List.of("qcow2", "raw").contains(diskFormat) && dice.percent(20)) {
      diskBytes = Math.max(512, dice.below(2 * diskBytes + 512) / 512 * 512);
      commands.add(
          List.of(
              "qemu-img",
              "resize",
              "-q",
              "-f",
              diskFormat,
              "--shrink",
              Recipe.IMAGE,
              "" + diskBytes));
    }
    boolean canCrash = diskFormat.equals("vhdx") || options.has("lazy_refcounts=on");
    if (!canCrash || dice.percent(60)) {
      commands.add(writes.command(diskBytes));
    } else if (options.logMib() > 0 && dice.percent(70)) {
      commands.add(writes.crashWithLog(diskBytes));
    } else {
      commands.add(writes.crash(diskBytes));
    }
  }

  private static List<String> command(List<String> start, List<String> options, String... end) {
    var command = new ArrayList<>(start);
    command.addAll(options);
    command.addAll(List.of(end));
    return List.copyOf(command);
  }
}
