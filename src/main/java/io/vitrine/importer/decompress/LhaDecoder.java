package io.vitrine.importer.decompress;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Decodes the methods -lh4- to -lh7-: repetitions within a window, in prefix codes. The data has no
 * end of its own; who reads it must know its length.
 */
final class LhaDecoder extends InputStream {
  private final InputStream packed;
  private final LhaCodes codes;
  private final byte[] window;

  /** The place in the window of the next byte, of the next to repeat, and how many to repeat. */
  private int at;

  private int from;
  private int repeated;

  /** Decodes data that was encoded with a window. */
  LhaDecoder(InputStream packed, LhaCodes.Window size) {
    this.packed = packed;
    codes = new LhaCodes(new LhaBits(packed), size);
    window = new byte[1 << size.bits()];
    // What lies before the data counts as spaces.
    Arrays.fill(window, (byte) ' ');
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    for (int i = 0; i < length; i++) {
      target[offset + i] = next();
    }
    return length;
  }

  private byte next() throws IOException {
    if (repeated == 0) {
      int symbol = codes.symbol();
      if (symbol < LhaCodes.BYTES) {
        return put((byte) symbol);
      }
      repeated = symbol - LhaCodes.BYTES + LhaCodes.LEAST_MATCH;
      from = place(at - codes.distance() - 1);
    }
    repeated--;
    byte again = window[from];
    from = place(from + 1);
    return put(again);
  }

  private byte put(byte value) {
    window[at] = value;
    at = place(at + 1);
    return value;
  }

  private int place(int position) {
    return position & (window.length - 1);
  }

  @Override
  public int read() throws IOException {
    return next() & 0xff;
  }

  @Override
  public void close() throws IOException {
    packed.close();
  }
}
