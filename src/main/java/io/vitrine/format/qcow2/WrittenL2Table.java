package io.vitrine.format.qcow2;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An L2 table that is being written. It has pages, so that a disk with little data takes little
 * memory: half a KiB for each 4 MiB that have any. Not safe for concurrent use.
 */
final class WrittenL2Table {
  static final int ENTRIES = Qcow2Target.CLUSTER_BYTES / Long.BYTES;
  private static final int PAGE_ENTRIES = 64;
  private static final long[] NO_PAGE = {};

  private final long position;
  private final long[][] pages = new long[ENTRIES / PAGE_ENTRIES][];

  /** Begins without entries; the position is the table's in the file. */
  WrittenL2Table(long position) {
    this.position = position;
    Arrays.fill(pages, NO_PAGE);
  }

  long position() {
    return position;
  }

  void set(int index, long entry) {
    int page = index / PAGE_ENTRIES;
    if (pages[page].length == 0) {
      pages[page] = new long[PAGE_ENTRIES];
    }
    pages[page][index % PAGE_ENTRIES] = entry;
  }

  ByteBuffer content() {
    var content = ByteBuffer.allocate(Qcow2Target.CLUSTER_BYTES);
    for (int page = 0; page < pages.length; page++) {
      content.asLongBuffer().put(page * PAGE_ENTRIES, pages[page]);
    }
    return content;
  }
}
