package io.vitrine.importer.decompress;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** So many bytes of a stream, all of which must be there. Closing it closes the stream. */
final class ExactInput extends BulkInput {
  private final InputStream data;
  private long left;

  /** The next bytes of the data. */
  ExactInput(InputStream data, long count) {
    super(data);
    this.data = data;
    left = count;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0) {
      return -1;
    }
    int read = data.read(target, offset, (int) Math.min(length, left));
    if (read < 0) {
      throw new EOFException("%d bytes are missing".formatted(left));
    }
    left -= read;
    return read;
  }

  /** Skips what has not been read. */
  void skipRest() throws IOException {
    data.skipNBytes(left);
    left = 0;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = data.skip(Math.min(count, left));
    left -= skipped;
    return skipped;
  }

  @Override
  public int available() throws IOException {
    return (int) Math.min(data.available(), left);
  }
}
