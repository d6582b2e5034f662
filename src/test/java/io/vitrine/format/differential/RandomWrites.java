package io.vitrine.format.differential;

import java.util.ArrayList;
import java.util.List;

/** What a guest does to a disk, by qemu-io. */
final class RandomWrites {
  /** More would fill files that have the whole disk. */
  private static final int MAX_ZEROED_BYTES = 4 << 20;

  private static final int SECTORS_PER_MIB = 2048;

  /** The end of a command that is killed. */
  static final List<String> DYING = List.of("-c", "sigraise 9");

  /** Has writes fail that meet a sector, whose number follows. */
  private static final String LOGGING =
      "driver=vhdx,file.driver=blkdebug,file.image.driver=file,file.image.filename=image,"
          + "file.inject-error.0.event=none,file.inject-error.0.iotype=write,"
          + "file.inject-error.0.sector=";

  private final Dice dice;
  private final String qemuFormat;
  private final RandomOptions options;
  private long diskBytes;

  RandomWrites(Dice dice, String qemuFormat, RandomOptions options) {
    this.dice = dice;
    this.qemuFormat = qemuFormat;
    this.options = options;
  }

  /** One start of qemu-io. */
  List<String> command(long sizeBytes) {
    return command(sizeBytes, List.of(), "-f", qemuFormat, Recipe.IMAGE);
  }

  /** One that is killed instead of closing the image. */
  List<String> crash(long sizeBytes) {
    return command(sizeBytes, DYING, "-f", qemuFormat, Recipe.IMAGE);
  }

  /** One that is killed when the changes of a VHDX are in its log, but not where they belong. */
  List<String> crashWithLog(long sizeBytes) {
    // The block allocation table follows the log, which follows the header of 1 MiB.
    int sector = (1 + options.logMib()) * SECTORS_PER_MIB;
    return command(sizeBytes, DYING, "--image-opts", LOGGING + sector);
  }

  private List<String> command(long sizeBytes, List<String> last, String... image) {
    diskBytes = sizeBytes;
    var command = new ArrayList<>(List.of("qemu-io", "-d", "unmap"));
    for (int count = dice.between(1, 8); count > 0; count--) {
      command.addAll(List.of("-c", write()));
    }
    command.addAll(last);
    command.addAll(List.of(image));
    return command;
  }

  private String write() {
    long offset = offset();
    long most = diskBytes - offset;
    long data = length(Math.min(most, RandomContent.EXTRA_BYTES));
    return switch (dice.between(0, 7)) {
      case 0 -> "write -P %d %d %d".formatted(dice.between(0, 255), offset, data);
      case 1 -> "write -z %d %d".formatted(offset, zeroed(most));
      case 2 -> "write -z -u %d %d".formatted(offset, zeroed(most));
      case 3 -> "discard %d %d".formatted(offset, zeroed(most));
      case 4 -> compressed(offset);
      default -> "write -s %s %d %d".formatted(Recipe.EXTRA, offset, data);
    };
  }

  private long zeroed(long most) {
    return length(Math.min(most, MAX_ZEROED_BYTES));
  }

  private long offset() {
    long unit = dice.percent(50) ? options.unitBytes() : 1;
    return dice.mostlyAligned(dice.below(diskBytes) / unit * unit);
  }

  private long length(long most) {
    long length =
        switch (dice.between(0, 2)) {
          case 0 -> dice.scaledUpTo(most);
          case 1 -> 1 + dice.below(most);
          default -> (long) options.unitBytes() * dice.between(1, 4);
        };
    return Math.min(most, dice.percent(70) ? Math.ceilDiv(length, 512) * 512 : length);
  }

  private String compressed(long offset) {
    int cluster = options.clusterBytes();
    if (!options.isCompressible() || cluster > diskBytes) {
      return "flush";
    }
    long at = Math.min(offset, diskBytes - cluster) / cluster * cluster;
    return "write -c -P %d %d %d".formatted(dice.between(0, 255), at, cluster);
  }
}
