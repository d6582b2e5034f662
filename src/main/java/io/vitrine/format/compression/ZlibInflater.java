package io.vitrine.format.compression;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates clusters of the compression type zlib: raw deflate streams (RFC 1951). */
public final class ZlibInflater extends ClusterInflater {
  private final Inflater inflater = new Inflater(true);

  @Override
  public boolean inflate(ByteBuffer compressed, ByteBuffer target) {
    inflater.reset();
    inflater.setInput(compressed);
    try {
      while (target.hasRemaining()) {
        if (inflater.inflate(target) == 0) {
          return false;
        }
      }
      return true;
    } catch (DataFormatException malformed) {
      return false;
    }
  }

  @Override
  public void close() {
    inflater.end();
  }
}
