package io.vitrine.format.vmdk;

import static io.vitrine.format.vmdk.SparseHeader.SECTOR_BYTES;

import io.vitrine.format.compression.Pool;
import io.vitrine.format.compression.ZlibDeflater;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Compresses grains, each to a zlib stream (RFC 1950). Safe for concurrent use. */
final class GrainDeflation implements AutoCloseable {
  private final int grainBytes;
  private final Pool<ZlibDeflater> deflaters;

  GrainDeflation(int grainBytes) {
    this.grainBytes = grainBytes;
    deflaters = new Pool<>(() -> ZlibDeflater.wrapped(grainBytes), ZlibDeflater::close);
  }

  /**
   * A grain as it lies in the file: its marker, the compressed data, and zeros to the end of the
   * sector.
   *
   * @param offset of the grain in the disk, in bytes
   * @param data array-backed; past the end of the disk a grain is filled up with zeros, as some
   *     readers expect all of it
   */
  ByteBuffer deflate(long offset, ByteBuffer data) {
    var deflated = deflate(data.remaining() == grainBytes ? data : padded(data));
    int length = deflated.remaining();
    return ByteBuffer.allocate(Math.ceilDiv(Marker.DATA_AT + length, SECTOR_BYTES) * SECTOR_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(0, offset / SECTOR_BYTES)
        .putInt(Marker.SIZE_AT, length)
        .put(Marker.DATA_AT, deflated, 0, length);
  }

  private ByteBuffer deflate(ByteBuffer grain) {
    var deflater = deflaters.take();
    try {
      return deflater.deflate(grain).orElseThrow();
    } finally {
      deflaters.giveBack(deflater);
    }
  }

  private ByteBuffer padded(ByteBuffer data) {
    return ByteBuffer.allocate(grainBytes).put(data.duplicate()).clear();
  }

  @Override
  public void close() {
    deflaters.close();
  }
}
