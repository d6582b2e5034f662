package io.vitrine.importer.decompress;

import java.io.IOException;
import java.io.InputStream;

/** A stream that is made from other data, piece by piece. Closing it closes the data. */
abstract class BulkInput extends InputStream {
  private final InputStream data;

  BulkInput(InputStream data) {
    this.data = data;
  }

  @Override
  public abstract int read(byte[] target, int offset, int length) throws IOException;

  @Override
  public final int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public final void close() throws IOException {
    data.close();
  }
}
