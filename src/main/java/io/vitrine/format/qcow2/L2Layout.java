package io.vitrine.format.qcow2;

/**
 * How an image divides the disk and maps it in L2 tables, each of which takes one cluster.
 *
 * @param version 2 or 3
 * @param clusterBits the power of two of a cluster's size in bytes
 * @param isExtended whether entries have a bitmap of {@link #SUBCLUSTERS}
 */
record L2Layout(int version, int clusterBits, boolean isExtended) {
  static final int MIN_CLUSTER_BITS = 9;
  static final int MAX_CLUSTER_BITS = 21;

  private static final int SUBCLUSTER_BITS = 5;

  /** The parts of a cluster that extended entries map one by one. */
  static final int SUBCLUSTERS = 1 << SUBCLUSTER_BITS;

  int clusterBytes() {
    return 1 << clusterBits;
  }

  int entryBytes() {
    return isExtended ? 2 * Long.BYTES : Long.BYTES;
  }

  /** The entries of a table. */
  int entries() {
    return clusterBytes() / entryBytes();
  }

  /** The part of the disk that a table maps, in bytes. */
  long spanBytes() {
    return (long) entries() << clusterBits;
  }

  /** The power of two of the smallest part that is mapped: a cluster or a subcluster. */
  int unitBits() {
    return isExtended ? clusterBits - SUBCLUSTER_BITS : clusterBits;
  }

  int unitBytes() {
    return 1 << unitBits();
  }

  int unitsPerCluster() {
    return isExtended ? SUBCLUSTERS : 1;
  }
}
