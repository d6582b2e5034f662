package io.vitrine.format.qcow2;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Compresses one cluster after the other, for one thread at a time. */
interface ClusterDeflater extends Pool.Pooled {
  /**
   * Compresses a cluster into a new buffer.
   *
   * @param cluster array-backed
   * @return empty if it would not become shorter
   */
  Optional<ByteBuffer> deflate(ByteBuffer cluster);
}
