package io.vitrine.format.qcow2;

import io.vitrine.format.block.BlockTarget;
import io.vitrine.format.block.ClusterCompression;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.block.TargetFile;
import io.vitrine.format.compression.ClusterDeflater;
import io.vitrine.format.compression.Pool;
import io.vitrine.format.compression.ZlibDeflater;
import io.vitrine.format.compression.ZstdDeflater;
import io.vitrine.format.qcow2.HostSpace.RefcountSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A new QCOW2 image, version 3, with clusters of 64 KiB. Clusters of zeros are left out, and those
 * that do not become shorter are not compressed. The map is kept in memory until the end: about 170
 * KiB for each GiB of data.
 */
public final class Qcow2Target implements BlockTarget {
  static final int CLUSTER_BITS = 16;
  static final int CLUSTER_BYTES = 1 << CLUSTER_BITS;

  private static final long MAX_DISK_BYTES =
      Qcow2HeaderRules.MAX_L1_BYTES / Long.BYTES * WrittenL2Table.ENTRIES * CLUSTER_BYTES;

  private static final int HEADER_BYTES = 112;
  private static final int EXTENSION_END_BYTES = 8;

  private static final ByteBuffer ZEROS = ByteBuffer.allocate(CLUSTER_BYTES).asReadOnlyBuffer();

  private final TargetFile file;
  private final long sizeBytes;
  private final ClusterCompression compression;
  private final int l1Size;
  private final WrittenMap map;
  private final Pool<ClusterDeflater> deflaters;

  private Qcow2Target(TargetFile file, long sizeBytes, ClusterCompression compression) {
    this.file = file;
    this.sizeBytes = sizeBytes;
    this.compression = compression;
    l1Size = (int) Math.ceilDiv(sizeBytes, (long) WrittenL2Table.ENTRIES * CLUSTER_BYTES);
    map = new WrittenMap(l1Size);
    deflaters =
        new Pool<>(
            () ->
                compression == ClusterCompression.ZSTD
                    ? new ZstdDeflater(CLUSTER_BYTES)
                    : ZlibDeflater.raw(CLUSTER_BYTES),
            ClusterDeflater::close);
  }

  /**
   * Creates an image file, or empties an existing one.
   *
   * @param sizeBytes of the disk
   * @throws InvalidImageException if the disk is larger than 2 PiB
   */
  public static BlockTarget create(Path file, long sizeBytes, ClusterCompression compression)
      throws IOException {
    if (sizeBytes < 0 || sizeBytes > MAX_DISK_BYTES) {
      throw new InvalidImageException(
          "has a disk of %d bytes; at most %d are possible".formatted(sizeBytes, MAX_DISK_BYTES));
    }
    return new Qcow2Target(TargetFile.create(file), sizeBytes, compression);
  }

  @Override
  public int unitBytes() {
    return CLUSTER_BYTES;
  }

  @Override
  public boolean isOrdered() {
    return false;
  }

  @Override
  public PreparedUnit prepare(long offset, ByteBuffer data) {
    Objects.checkFromIndexSize(offset, data.remaining(), sizeBytes);
    if (data.equals(ZEROS.slice(0, data.remaining()))) {
      return () -> {};
    }
    long cluster = offset / CLUSTER_BYTES;
    return deflate(data)
        .<PreparedUnit>map(
            deflated ->
                () -> file.write(map.addCompressed(cluster, deflated.remaining()), deflated))
        .orElseGet(() -> () -> file.write(map.addPlain(cluster), data.duplicate()));
  }

  private Optional<ByteBuffer> deflate(ByteBuffer data) {
    if (compression == ClusterCompression.NONE) {
      return Optional.empty();
    }
    var deflater = deflaters.take();
    try {
      return deflater.deflate(data.remaining() == CLUSTER_BYTES ? data : padded(data));
    } finally {
      deflaters.giveBack(deflater);
    }
  }

  /** The end of the disk, with zeros to the end of its cluster. */
  private static ByteBuffer padded(ByteBuffer data) {
    return ByteBuffer.allocate(CLUSTER_BYTES).put(data.duplicate()).clear();
  }

  @Override
  public void finish() throws IOException {
    for (var table : map.tables()) {
      file.write(table.position(), table.content());
    }
    for (int cluster = 0; cluster < Math.ceilDiv(l1Size * Long.BYTES, CLUSTER_BYTES); cluster++) {
      file.write(map.l1Position() + (long) cluster * CLUSTER_BYTES, map.l1(cluster));
    }
    var refcounts = map.takeRefcounts();
    for (int block = 0; block < refcounts.blocks(); block++) {
      file.write(refcounts.blocksPosition() + (long) block * CLUSTER_BYTES, map.refcounts(block));
    }
    file.write(refcounts.tablePosition(), refcounts.table());
    // Last, so that a file that was not finished is no image.
    file.write(0, header(refcounts));
  }

  private ByteBuffer header(RefcountSpace refcounts) {
    boolean isZstd = compression == ClusterCompression.ZSTD;
    return ByteBuffer.allocate(HEADER_BYTES + EXTENSION_END_BYTES)
        .put(0, Qcow2Header.MAGIC)
        .putInt(4, 3)
        .putInt(20, CLUSTER_BITS)
        .putLong(24, sizeBytes)
        .putInt(36, l1Size)
        .putLong(40, map.l1Position())
        .putLong(48, refcounts.tablePosition())
        .putInt(56, refcounts.tableClusters())
        .putLong(72, isZstd ? Qcow2Header.COMPRESSION_TYPE : 0)
        .putInt(96, HostSpace.REFCOUNT_ORDER)
        .putInt(100, HEADER_BYTES)
        .put(104, (byte) (isZstd ? 1 : 0));
  }

  @Override
  public void close() throws IOException {
    deflaters.close();
    file.close();
  }
}
