package io.vitrine.format.qcow2;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The space of a file that is being written, and how often each of its clusters is used. It takes
 * two bytes of memory for each cluster. Not safe for concurrent use.
 */
final class HostSpace {
  /** The power of two of the bits in a count. */
  static final int REFCOUNT_ORDER = 4;

  private static final int CLUSTER_BYTES = Qcow2Target.CLUSTER_BYTES;
  private static final int COUNTS_PER_BLOCK = CLUSTER_BYTES / Short.BYTES;

  /**
   * By cluster. They do not overflow: even a cluster full of equal bytes is compressed to 16 bytes
   * at least.
   */
  private short[] counts = new short[1024];

  /** The number of clusters in use, which lie at the start of the file. */
  private int clusters;

  /** Where compressed data continues, and up to where it may. */
  private long packed;

  private long packedEnd;

  /** Takes whole clusters, and returns their position. */
  long take(int count) {
    int first = clusters;
    clusters = Math.addExact(first, count);
    if (clusters > counts.length) {
      counts = Arrays.copyOf(counts, Math.max(clusters, counts.length * 2));
    }
    Arrays.fill(counts, first, clusters, (short) 1);
    return (long) first * CLUSTER_BYTES;
  }

  /**
   * Takes space for compressed data, at most a cluster, and returns its position. It follows the
   * compressed data before, and may begin and end within a cluster.
   */
  long pack(int lengthBytes) {
    if (lengthBytes > packedEnd - packed) {
      extend();
    }
    long position = packed;
    packed += lengthBytes;
    for (long at = position / CLUSTER_BYTES; at <= (packed - 1) / CLUSTER_BYTES; at++) {
      counts[(int) at]++;
    }
    return position;
  }

  /** Adds a cluster to the space for compressed data; begins anew if others lie between. */
  private void extend() {
    long fresh = take(1);
    counts[(int) (fresh / CLUSTER_BYTES)] = 0;
    if (fresh != packedEnd || packed == packedEnd) {
      packed = fresh;
    }
    packedEnd = fresh + CLUSTER_BYTES;
  }

  /** Takes space for a table and the blocks of all counts, and those of themselves. */
  RefcountSpace takeRefcounts() {
    int blocks = 0;
    int tableClusters = 0;
    int wanted;
    while ((wanted = blocksFor((long) clusters + blocks + tableClusters)) > blocks) {
      blocks = wanted;
      tableClusters = Math.ceilDiv(blocks * Long.BYTES, CLUSTER_BYTES);
    }
    return new RefcountSpace(take(blocks), blocks, take(tableClusters), tableClusters);
  }

  private static int blocksFor(long clusters) {
    return Math.toIntExact(Math.ceilDiv(clusters, COUNTS_PER_BLOCK));
  }

  /** The content of a block of counts. */
  ByteBuffer refcounts(int block) {
    var content = ByteBuffer.allocate(CLUSTER_BYTES);
    int first = block * COUNTS_PER_BLOCK;
    content
        .asShortBuffer()
        .put(counts, first, Math.clamp(clusters - (long) first, 0, COUNTS_PER_BLOCK));
    return content;
  }

  /** Where the blocks of counts are, one after the other, and the table that points to them. */
  record RefcountSpace(long blocksPosition, int blocks, long tablePosition, int tableClusters) {
    ByteBuffer table() {
      var content = ByteBuffer.allocate(tableClusters * CLUSTER_BYTES);
      for (long block = 0; block < blocks; block++) {
        content.putLong(blocksPosition + block * CLUSTER_BYTES);
      }
      return content.clear();
    }
  }
}
