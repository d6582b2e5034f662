package io.vitrine.format.compression;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;

/** Inflates clusters of the compression type zstd: one frame (RFC 8878) each. */
public final class ZstdInflater extends ClusterInflater {
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();

  @Override
  public boolean inflate(ByteBuffer compressed, ByteBuffer target) {
    int from = compressed.arrayOffset() + compressed.position();
    int length = target.remaining();
    try {
      // The decoder wants nothing behind the frame, where the rest of a sector is.
      long frame = Zstd.findFrameCompressedSize(compressed.array(), from, compressed.remaining());
      if (Zstd.isError(frame)) {
        return false;
      }
      int inflated =
          context.decompressByteArray(
              target.array(),
              target.arrayOffset() + target.position(),
              length,
              compressed.array(),
              from,
              (int) frame);
      target.position(target.position() + inflated);
      return inflated == length;
    } catch (ZstdException malformed) {
      return false;
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
