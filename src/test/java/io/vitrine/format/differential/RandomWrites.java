package io.vitrine.format.differential;

import java.util.ArrayList;
import java.util.List;

/** What a guest does to a disk, by qemu-io. */
final class RandomWrites {
  private final Dice dice;
  private final String qemuFormat;
  private final RandomOptions options;
  private long diskBytes;

  RandomWrites(Dice dice, String qemuFormat, RandomOptions options) {
    this.dice = dice;
    this.qemuFormat = qemuFormat;
    this.options = options;
  }

  /**
   * One start of qemu-io.
   *
   * @param isCrashing whether it is killed instead of closing the image
   */
  List<String> command(long sizeBytes, boolean isCrashing) {
    diskBytes = sizeBytes;
    var command = new ArrayList<>(List.of("qemu-io", "-f", qemuFormat, "-d", "unmap"));
    for (int count = dice.between(1, 8); count > 0; count--) {
      command.addAll(List.of("-c", write()));
    }
    if (isCrashing) {
      command.addAll(List.of("-c", "sigraise 9"));
    }
    command.add(Recipe.IMAGE);
    return command;
  }

  private String write() {
    long offset = dice.mostlyAligned(dice.below(diskBytes));
    long most = diskBytes - offset;
    long data = dice.scaledUpTo(Math.min(most, RandomContent.EXTRA_BYTES));
    return switch (dice.between(0, 7)) {
      case 0 -> "write -P %d %d %d".formatted(dice.between(0, 255), offset, data);
      case 1 -> "write -z %d %d".formatted(offset, zeroed(most));
      case 2 -> "write -z -u %d %d".formatted(offset, zeroed(most));
      case 3 -> "discard %d %d".formatted(offset, zeroed(most));
      case 4 -> compressed(offset);
      default -> "write -s %s %d %d".formatted(Recipe.EXTRA, offset, data);
    };
  }

  /** Files that have the whole disk would have all the zeros too. */
  private long zeroed(long most) {
    long length = dice.scaledUpTo(Math.min(most, 4 << 20));
    return dice.percent(50) ? length : Math.min(most, Math.max(512, length / 512 * 512));
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
