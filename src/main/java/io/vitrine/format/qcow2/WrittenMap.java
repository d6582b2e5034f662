package io.vitrine.format.qcow2;

import io.vitrine.format.qcow2.HostSpace.RefcountSpace;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the clusters of a disk are in a file that is being written. Each L2 table lies before most
 * of the data that it maps, so that readers of an arriving file need not wait for its end. Safe for
 * concurrent use.
 */
final class WrittenMap {
  private static final int CLUSTER_BYTES = Qcow2Target.CLUSTER_BYTES;
  private static final int L1_ENTRIES_PER_CLUSTER = CLUSTER_BYTES / Long.BYTES;

  /** Set in entries if the cluster is used once and need not be copied before it is changed. */
  private static final long COPIED = 1L << 63;

  private static final long COMPRESSED = 1L << 62;
  private static final int COMPRESSED_OFFSET_BITS = 62 - (Qcow2Target.CLUSTER_BITS - 8);

  private final HostSpace space = new HostSpace();
  private final long l1Position;

  /** By index of the L1 table. */
  private final SortedMap<Integer, WrittenL2Table> tables = new TreeMap<>();

  /** Begins with a header and an L1 table of this many entries. */
  WrittenMap(int l1Size) {
    space.take(1);
    l1Position = space.take(Math.ceilDiv(l1Size, L1_ENTRIES_PER_CLUSTER));
  }

  long l1Position() {
    return l1Position;
  }

  /** Takes a cluster of the file for one of the disk, and returns its position. */
  synchronized long addPlain(long cluster) {
    var table = table(cluster);
    long position = space.take(1);
    table.set(index(cluster), position | COPIED);
    return position;
  }

  /** Takes space for a compressed cluster, and returns its position. */
  synchronized long addCompressed(long cluster, int lengthBytes) {
    var table = table(cluster);
    long position = space.pack(lengthBytes);
    long sectors =
        (position + lengthBytes - 1) / L2Table.SECTOR_BYTES - position / L2Table.SECTOR_BYTES;
    table.set(index(cluster), position | sectors << COMPRESSED_OFFSET_BITS | COMPRESSED);
    return position;
  }

  private WrittenL2Table table(long cluster) {
    return tables.computeIfAbsent(
        (int) (cluster / WrittenL2Table.ENTRIES), absent -> new WrittenL2Table(space.take(1)));
  }

  private static int index(long cluster) {
    return (int) (cluster % WrittenL2Table.ENTRIES);
  }

  synchronized Collection<WrittenL2Table> tables() {
    return tables.values();
  }

  /** The content of a cluster of the L1 table. */
  synchronized ByteBuffer l1(int cluster) {
    int first = cluster * L1_ENTRIES_PER_CLUSTER;
    var content = ByteBuffer.allocate(CLUSTER_BYTES);
    tables
        .subMap(first, first + L1_ENTRIES_PER_CLUSTER)
        .forEach(
            (index, table) ->
                content.putLong((index - first) * Long.BYTES, table.position() | COPIED));
    return content;
  }

  /** Takes space for the reference counts; nothing can be added after. */
  synchronized RefcountSpace takeRefcounts() {
    return space.takeRefcounts();
  }

  synchronized ByteBuffer refcounts(int block) {
    return space.refcounts(block);
  }
}
