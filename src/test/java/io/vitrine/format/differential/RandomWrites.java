package io.vitrine.format.differential;

import java.util.ArrayList;
import java.util.List;

/** What a guest does to a disk, by qemu-io. */
final class RandomWrites {
  /** More would fill files that have the whole disk. */
  private static final int MAX_ZEROED_BYTES = 4 << 20;

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

  private long length(long most) {
    long length = dice.percent(50) ? dice.scaledUpTo(most) : 1 + dice.below(most);
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
