package io.vitrine.format.compression;

import java.nio.ByteBuffer;

/** Inflates one cluster after the other, for one thread at a time. */
public abstract class ClusterInflater implements AutoCloseable {
  private byte[] input = {};

  /** A buffer of this length for compressed bytes, to be used until the next is asked for. */
  public final ByteBuffer input(int lengthBytes) {
    if (input.length < lengthBytes) {
      input = new byte[lengthBytes];
    }
    return ByteBuffer.wrap(input, 0, lengthBytes);
  }

  /**
   * Fills an array-backed buffer with an inflated cluster. Bytes after the compressed ones are
   * ignored.
   *
   * @return whether the cluster is valid and filled the buffer
   */
  public abstract boolean inflate(ByteBuffer compressed, ByteBuffer target);

  @Override
  public abstract void close();
}
