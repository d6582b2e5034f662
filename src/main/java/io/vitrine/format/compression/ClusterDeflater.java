package io.vitrine.format.compression;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Compresses one cluster after the other, for one thread at a time. */
public interface ClusterDeflater extends AutoCloseable {
  /**
   * Compresses a cluster into a new buffer.
   *
   * @param cluster array-backed
   * @return empty if it would become longer than its format can use
   */
  Optional<ByteBuffer> deflate(ByteBuffer cluster);

  @Override
  void close();
}
