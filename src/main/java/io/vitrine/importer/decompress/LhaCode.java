package io.vitrine.importer.decompress;

import java.io.IOException;
import java.util.Arrays;

/** A canonical prefix code of at most 16 bits a symbol. */
final class LhaCode {
  private static final int MOST_BITS = 16;

  /** Codes up to this length are looked up at once. */
  private static final int TABLE_BITS = 11;

  private static final int LENGTH_BITS = 5;

  /** For each start of a code, its symbol and its length, which is 0 for longer codes. */
  private final int[] table = new int[1 << TABLE_BITS];

  /** By length: how many symbols there are, the first code, and its place among the sorted. */
  private final int[] counts = new int[MOST_BITS + 1];

  private final int[] firstCodes = new int[MOST_BITS + 1];
  private final int[] firstPlaces = new int[MOST_BITS + 1];
  private final short[] sorted;

  private LhaCode(int symbols) {
    sorted = new short[symbols];
  }

  /** A code of one symbol, which takes no bits. */
  static LhaCode only(int symbol) {
    var code = new LhaCode(0);
    Arrays.fill(code.table, symbol << LENGTH_BITS);
    return code;
  }

  /** The code whose symbols have these lengths, 0 for those that it does not have. */
  static LhaCode of(byte[] lengths) throws IOException {
    var code = new LhaCode(lengths.length);
    for (byte length : lengths) {
      code.counts[length]++;
    }
    code.counts[0] = 0;
    code.assign();
    int[] places = code.firstPlaces.clone();
    for (int symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] > 0) {
        code.sorted[places[lengths[symbol]]++] = (short) symbol;
      }
    }
    code.fillTable();
    return code;
  }

  private void assign() throws IOException {
    int next = 0;
    int place = 0;
    for (int length = 1; length <= MOST_BITS; length++) {
      next <<= 1;
      firstCodes[length] = next;
      firstPlaces[length] = place;
      next += counts[length];
      place += counts[length];
    }
    if (next != 1 << MOST_BITS) {
      throw new IOException("a code is not complete");
    }
  }

  private void fillTable() {
    for (int length = 1; length <= TABLE_BITS; length++) {
      for (int i = 0; i < counts[length]; i++) {
        int start = (firstCodes[length] + i) << (TABLE_BITS - length);
        int entry = sorted[firstPlaces[length] + i] << LENGTH_BITS | length;
        Arrays.fill(table, start, start + (1 << (TABLE_BITS - length)), entry);
      }
    }
  }

  /** Reads a symbol. */
  int read(LhaBits bits) throws IOException {
    int start = bits.peek(MOST_BITS);
    int entry = table[start >>> (MOST_BITS - TABLE_BITS)];
    int length = entry & ((1 << LENGTH_BITS) - 1);
    if (length == 0 && sorted.length > 0) {
      length = TABLE_BITS + 1;
      while (code(start, length) - firstCodes[length] >= counts[length]) {
        length++;
      }
      entry = sorted[firstPlaces[length] + code(start, length) - firstCodes[length]] << LENGTH_BITS;
    }
    bits.skip(length);
    return entry >> LENGTH_BITS;
  }

  private static int code(int start, int length) {
    return start >>> (MOST_BITS - length);
  }
}
