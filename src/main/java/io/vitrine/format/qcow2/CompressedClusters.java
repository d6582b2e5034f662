package io.vitrine.format.qcow2;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.compression.ClusterInflater;
import io.vitrine.format.compression.Pool;
import io.vitrine.format.compression.ZlibInflater;
import io.vitrine.format.compression.ZstdInflater;
import io.vitrine.format.mapped.Stored.Place;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads and inflates compressed clusters. Safe for concurrent use. */
final class CompressedClusters implements AutoCloseable {
  private final ByteSource file;
  private final Pool<ClusterInflater> inflaters;

  /** Reads a file with compression of a known type. */
  CompressedClusters(ByteSource file, int compressionType) {
    this.file = file;
    inflaters =
        new Pool<>(
            compressionType == 0 ? ZlibInflater::new : ZstdInflater::new, ClusterInflater::close);
  }

  /** Fills the buffer with the inflated cluster, which must be as long. */
  void inflate(Place.Compressed place, ByteBuffer target) throws IOException {
    var inflater = inflaters.take();
    try {
      var compressed = read(place, inflater.input(place.lengthBytes()));
      boolean isWhole =
          target.hasArray()
              ? inflater.inflate(compressed, target)
              : inflateIndirectly(inflater, compressed, target);
      if (!isWhole) {
        throw fault(place, compressed.limit());
      }
    } finally {
      inflaters.giveBack(inflater);
    }
  }

  private static boolean inflateIndirectly(
      ClusterInflater inflater, ByteBuffer compressed, ByteBuffer target) {
    var cluster = ByteBuffer.allocate(target.remaining());
    boolean isWhole = inflater.inflate(compressed, cluster);
    target.put(cluster.clear());
    return isWhole;
  }

  /**
   * Reads as much of the range as the file has. Lengths are in whole sectors, while the file may
   * end with the data.
   */
  private ByteBuffer read(Place.Compressed place, ByteBuffer buffer) throws IOException {
    try {
      file.read(place.position(), buffer);
    } catch (InvalidImageException cutOff) {
      long missing = place.position() + place.lengthBytes() - file.sizeBytes();
      if (missing <= 0 || missing >= Math.min(place.lengthBytes(), L2Table.SECTOR_BYTES)) {
        throw cutOff;
      }
      buffer.clear().limit(place.lengthBytes() - (int) missing);
      file.read(place.position(), buffer);
    }
    return buffer.flip();
  }

  private InvalidImageException fault(Place.Compressed place, int readBytes) throws IOException {
    return readBytes < place.lengthBytes()
        ? InvalidImageException.cutOff(place.position() + place.lengthBytes(), file.sizeBytes())
        : InvalidImageException.inField(
            "compressed cluster", place.position(), "it does not inflate to a whole cluster");
  }

  @Override
  public void close() {
    inflaters.close();
  }
}
