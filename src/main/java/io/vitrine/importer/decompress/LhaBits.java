package io.vitrine.importer.decompress;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads bits, the highest of each byte first. */
final class LhaBits {
  private static final int CHUNK_BYTES = 8 << 10;

  private final InputStream data;
  private final byte[] chunk = new byte[CHUNK_BYTES];
  private int position;
  private int limit;

  /** Bits that were read from the data, from the highest bit on, then zeros. */
  private long ahead;

  private int aheadBits;

  /** Reads to the end of the data. */
  LhaBits(InputStream data) {
    this.data = data;
  }

  /** The next 1 to 16 bits, which are not read yet; zeros come after the end of the data. */
  int peek(int count) throws IOException {
    while (aheadBits < count && (position < limit || fill())) {
      ahead |= (chunk[position++] & 0xffL) << (Long.SIZE - Byte.SIZE - aheadBits);
      aheadBits += Byte.SIZE;
    }
    return (int) (ahead >>> (Long.SIZE - count));
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, data.read(chunk));
    return limit > 0;
  }

  /** Reads bits that have been peeked at. */
  void skip(int count) throws EOFException {
    if (count > aheadBits) {
      throw new EOFException("the data is cut off");
    }
    ahead <<= count;
    aheadBits -= count;
  }

  /** Reads 0 to 16 bits as a number. */
  int read(int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    int bits = peek(count);
    skip(count);
    return bits;
  }
}
