package io.vitrine.format.vmdk;

import static io.vitrine.format.vmdk.SparseHeader.SECTOR_BYTES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.Deflater;

/** Compresses grains, each to a zlib stream (RFC 1950). Safe for concurrent use. */
final class GrainDeflation implements AutoCloseable {
  /** More than incompressible data grows by, and far less than readers have room for. */
  private static final int MAX_GROWTH_BYTES = 1024;

  private final int grainBytes;
  private final Queue<Deflater> idle = new ConcurrentLinkedQueue<>();

  GrainDeflation(int grainBytes) {
    this.grainBytes = grainBytes;
  }

  /**
   * A grain as it lies in the file: its marker, the compressed data, and zeros to the end of the
   * sector.
   *
   * @param offset of the grain in the disk, in bytes
   * @param data array-backed; behind the end of the disk a grain is filled up with zeros, as some
   *     readers expect all of it
   */
  ByteBuffer deflate(long offset, ByteBuffer data) {
    var stored = ByteBuffer.allocate(grainBytes + MAX_GROWTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int length = deflate(data, stored.array());
    stored.putLong(0, offset / SECTOR_BYTES).putInt(Marker.SIZE_AT, length);
    return stored.limit(Math.ceilDiv(Marker.DATA_AT + length, SECTOR_BYTES) * SECTOR_BYTES);
  }

  private int deflate(ByteBuffer data, byte[] stored) {
    var waiting = idle.poll();
    var deflater = waiting == null ? new Deflater() : waiting;
    try {
      int from = data.arrayOffset() + data.position();
      if (data.remaining() == grainBytes) {
        deflater.setInput(data.array(), from, grainBytes);
      } else {
        deflater.setInput(
            Arrays.copyOf(
                Arrays.copyOfRange(data.array(), from, from + data.remaining()), grainBytes));
      }
      deflater.finish();
      int length = deflater.deflate(stored, Marker.DATA_AT, stored.length - Marker.DATA_AT);
      if (!deflater.finished()) {
        throw new IllegalStateException("a grain grew by more than zlib's bound");
      }
      return length;
    } finally {
      deflater.reset();
      idle.add(deflater);
    }
  }

  @Override
  public void close() {
    for (var deflater = idle.poll(); deflater != null; deflater = idle.poll()) {
      deflater.end();
    }
  }
}
