package io.vitrine.importer.decompress;

/** CRC-16 with the polynomial 0x8005, reflected, from 0: that of LHA. */
final class Crc16 {
  private static final int POLYNOMIAL = 0xa001;
  private static final char[] TABLE = table();

  private int value;

  private static char[] table() {
    var table = new char[256];
    for (int i = 0; i < table.length; i++) {
      int rest = i;
      for (int bit = 0; bit < 8; bit++) {
        rest = (rest & 1) == 0 ? rest >> 1 : rest >> 1 ^ POLYNOMIAL;
      }
      table[i] = (char) rest;
    }
    return table;
  }

  /** Adds bytes. */
  void update(byte[] bytes, int offset, int length) {
    int sum = value;
    for (int i = offset; i < offset + length; i++) {
      sum = sum >> 8 ^ TABLE[(sum ^ bytes[i]) & 0xff];
    }
    value = sum;
  }

  /** The checksum of all bytes so far. */
  int value() {
    return value;
  }
}
