package io.vitrine.format.differential;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Data of several kinds, in a few places of a sparse disk. */
final class RandomContent {
  private static final int MAX_PIECES = 8;
  private static final int MAX_PIECE_BYTES = 1 << 20;

  /** Data that a command can write; as long as the longest write. */
  static final int EXTRA_BYTES = 300_000;

  private final Dice dice;

  RandomContent(Dice dice) {
    this.dice = dice;
  }

  /** Writes the files that a recipe needs. */
  static void prepare(Recipe recipe, Path directory) throws IOException {
    var content = new RandomContent(new Dice(recipe.seed() ^ Long.MIN_VALUE));
    content.writeDisk(directory.resolve(Recipe.DISK), recipe.diskBytes());
    Files.write(directory.resolve(Recipe.EXTRA), content.piece(EXTRA_BYTES));
  }

  private void writeDisk(Path path, long sizeBytes) throws IOException {
    try (var file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      if (sizeBytes > 0) {
        file.write(ByteBuffer.allocate(1), sizeBytes - 1);
      }
      for (int pieces = dice.between(0, MAX_PIECES); pieces > 0; pieces--) {
        long offset = dice.mostlyAligned(dice.percent(10) ? 0 : dice.below(sizeBytes));
        long length = dice.scaledUpTo(Math.min(MAX_PIECE_BYTES, sizeBytes - offset));
        file.write(ByteBuffer.wrap(piece((int) length)), offset);
      }
      if (sizeBytes > 0 && dice.percent(30)) {
        file.write(ByteBuffer.wrap(dice.bytes(1)), sizeBytes - 1);
      }
    }
  }

  /** Some of one kind, and some of another. */
  private byte[] piece(int length) {
    var piece = new byte[length];
    for (int at = 0; at < length; ) {
      int count = (int) dice.scaledUpTo(length - at);
      fill(piece, at, count);
      at += count;
    }
    return piece;
  }

  private void fill(byte[] piece, int from, int count) {
    switch (dice.between(0, 3)) {
      case 0 -> System.arraycopy(dice.bytes(count), 0, piece, from, count);
      case 1 -> repeat(dice.bytes(dice.between(1, 5000)), piece, from, count);
      case 2 -> repeat(dice.bytes(1), piece, from, count);
      default -> {} // zeros
    }
  }

  private static void repeat(byte[] pattern, byte[] piece, int from, int count) {
    for (int at = 0; at < count; at++) {
      piece[from + at] = pattern[at % pattern.length];
    }
  }
}
