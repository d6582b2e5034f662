package io.vitrine.importer.decompress;

import java.io.IOException;
import java.util.Arrays;

/**
 * Reads the symbols of -lh4- to -lh7-: blocks of up to 65,535 symbols, each block with codes of its
 * own before it. A code is given by the lengths of its symbols, which for the main code are coded
 * themselves.
 */
final class LhaCodes {
  /** Symbols below this are bytes; others are matches, the first of three bytes. */
  static final int BYTES = 256;

  static final int LEAST_MATCH = 3;
  private static final int SYMBOLS = BYTES + 254;
  private static final int SYMBOL_COUNT_BITS = 9;

  /** The code of lengths; its first three symbols stand for symbols that are missing. */
  private static final int LENGTHS = 19;

  private static final int LENGTH_COUNT_BITS = 5;
  private static final int GAP_AFTER = 3;

  /** The rare length that is followed by more bits, as long as they are ones. */
  private static final int LONG_LENGTH = 7;

  private static final int MOST_LENGTH = 16;

  /**
   * How far matches reach back.
   *
   * @param bits the binary logarithm of the distance
   * @param countBits how many bits the number of distance symbols has
   */
  record Window(int bits, int countBits) {
    static final Window SMALL = new Window(13, 4);
    static final Window MIDDLE = new Window(15, 5);
    static final Window LARGE = new Window(16, 5);
  }

  private final LhaBits bits;
  private final Window window;
  private LhaCode symbols = LhaCode.only(0);
  private LhaCode distances = LhaCode.only(0);
  private int blockLeft;

  /** Begins before the first block. */
  LhaCodes(LhaBits bits, Window window) {
    this.bits = bits;
    this.window = window;
  }

  /** A byte, or {@link #BYTES} and more for a match. */
  int symbol() throws IOException {
    if (blockLeft == 0) {
      blockLeft = bits.read(16);
      LhaHeader.require(blockLeft > 0, "a block is empty");
      symbols = readSymbols(readLengths(LENGTHS, LENGTH_COUNT_BITS, GAP_AFTER));
      distances = readLengths(window.bits + 1, window.countBits, -1);
    }
    blockLeft--;
    return symbols.read(bits);
  }

  /** How many bytes lie between a match and what it repeats. */
  int distance() throws IOException {
    int symbol = distances.read(bits);
    return symbol == 0 ? 0 : (1 << (symbol - 1)) + bits.read(symbol - 1);
  }

  /** A code of few symbols; after the first {@code gapAfter} lengths some may be left out. */
  private LhaCode readLengths(int most, int countBits, int gapAfter) throws IOException {
    int count = bits.read(countBits);
    if (count == 0) {
      return only(bits.read(countBits), most);
    }
    LhaHeader.require(count <= most, "a code has too many symbols");
    var lengths = new byte[most];
    int symbol = 0;
    while (symbol < count) {
      lengths[symbol++] = readLength();
      if (symbol == gapAfter) {
        symbol += bits.read(2);
      }
    }
    return LhaCode.of(lengths);
  }

  private byte readLength() throws IOException {
    int length = bits.read(3);
    if (length == LONG_LENGTH) {
      while (bits.read(1) == 1) {
        length++;
        LhaHeader.require(length <= MOST_LENGTH, "a code is too long");
      }
    }
    return (byte) length;
  }

  private LhaCode readSymbols(LhaCode lengthCode) throws IOException {
    int count = bits.read(SYMBOL_COUNT_BITS);
    if (count == 0) {
      return only(bits.read(SYMBOL_COUNT_BITS), SYMBOLS);
    }
    LhaHeader.require(count <= SYMBOLS, "a code has too many symbols");
    var lengths = new byte[SYMBOLS];
    int symbol = 0;
    while (symbol < count) {
      int length = lengthCode.read(bits);
      switch (length) {
        case 0 -> symbol++;
        case 1 -> symbol += 3 + bits.read(4);
        case 2 -> symbol += 20 + bits.read(SYMBOL_COUNT_BITS);
        default -> lengths[symbol++] = (byte) (length - 2);
      }
    }
    LhaHeader.require(symbol <= SYMBOLS, "a code has too many symbols");
    return LhaCode.of(Arrays.copyOf(lengths, SYMBOLS));
  }

  private static LhaCode only(int symbol, int most) throws IOException {
    LhaHeader.require(symbol < most, "a code has an unknown symbol");
    return LhaCode.only(symbol);
  }
}
