package io.vitrine.importer.decompress;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** So many bytes of a stream, all of which must be there. Closing it closes the stream. */
final class ExactInput extends FilterInputStream {
  private long left;

  /** The next bytes of the data. */
  ExactInput(InputStream data, long count) {
    super(data);
    left = count;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0) {
      return -1;
    }
    int read = in.read(target, offset, (int) Math.min(length, left));
    if (read < 0) {
      throw new EOFException("%d bytes are missing".formatted(left));
    }
    left -= read;
    return read;
  }

  /** Skips what has not been read. */
  void skipRest() throws IOException {
    in.skipNBytes(left);
    left = 0;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = in.skip(Math.min(count, left));
    left -= skipped;
    return skipped;
  }

  @Override
  public int available() throws IOException {
    return (int) Math.min(in.available(), left);
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
