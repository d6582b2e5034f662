package io.vitrine.format.compression;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Compresses clusters to one Zstandard frame each (RFC 8878). */
public final class ZstdDeflater implements ClusterDeflater {
  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private final byte[] output;

  /** Compresses clusters of this length. */
  public ZstdDeflater(int clusterBytes) {
    context.setLevel(Zstd.defaultCompressionLevel());
    output = new byte[(int) Zstd.compressBound(clusterBytes)];
  }

  @Override
  public Optional<ByteBuffer> deflate(ByteBuffer cluster) {
    int length =
        context.compressByteArray(
            output,
            0,
            output.length,
            cluster.array(),
            cluster.arrayOffset() + cluster.position(),
            cluster.remaining());
    return length < cluster.remaining()
        ? Optional.of(ByteBuffer.wrap(Arrays.copyOf(output, length)))
        : Optional.empty();
  }

  @Override
  public void close() {
    context.close();
  }
}
