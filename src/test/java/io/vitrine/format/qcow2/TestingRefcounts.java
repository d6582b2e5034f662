package io.vitrine.format.qcow2;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/** Counts how often each cluster of a complete image is used, and what the image says of it. */
final class TestingRefcounts {
  private final ByteBuffer file;
  private final Qcow2Header header;
  private final int clusterBytes;
  private final Map<Long, Integer> counted = new TreeMap<>();

  private TestingRefcounts(byte[] file) {
    this.file = ByteBuffer.wrap(file);
    header = new Qcow2Header(file);
    clusterBytes = header.layout().clusterBytes();
  }

  /** By cluster, without those that are not used. */
  static Map<Long, Integer> counted(byte[] file) throws Exception {
    var counts = new TestingRefcounts(file);
    counts.count();
    return counts.counted;
  }

  /** What the image's blocks of counts say, without zeros. */
  static Map<Long, Integer> stated(byte[] file) {
    var counts = new TestingRefcounts(file);
    var stated = new TreeMap<Long, Integer>();
    int perBlock = counts.clusterBytes / 2;
    for (int block = 0; block < counts.header.refcountTableBytes() / 8; block++) {
      long at = counts.block(block);
      for (int i = 0; i < perBlock && at > 0; i++) {
        int count = Short.toUnsignedInt(counts.file.getShort((int) at + 2 * i));
        if (count > 0) {
          stated.put((long) block * perBlock + i, count);
        }
      }
    }
    return stated;
  }

  private long block(int index) {
    return file.getLong((int) header.refcountTableOffset() + 8 * index);
  }

  private void count() throws Exception {
    use(0, clusterBytes);
    use(header.l1Offset(), header.l1Size() * 8);
    use(header.refcountTableOffset(), header.refcountTableBytes());
    for (int block = 0; block < header.refcountTableBytes() / 8; block++) {
      use(block(block), block(block) == 0 ? 0 : clusterBytes);
    }
    for (int index = 0; index < header.l1Size(); index++) {
      long table = file.getLong((int) header.l1Offset() + 8 * index) & ~(1L << 63);
      if (table != 0) {
        use(table, clusterBytes);
        countTable((int) table);
      }
    }
  }

  private void countTable(int table) {
    for (int at = table; at < table + clusterBytes; at += 8) {
      long entry = file.getLong(at);
      if ((entry & 1L << 62) != 0) {
        int bits = 62 - (header.clusterBits() - 8);
        long position = entry & (1L << bits) - 1;
        long sectors = (entry >>> bits & (1L << (62 - bits)) - 1) + 1;
        use(position, sectors * 512 - position % 512);
      } else if (entry != 0) {
        use(entry & ~(1L << 63), clusterBytes);
      }
    }
  }

  private void use(long position, long lengthBytes) {
    for (long at = position / clusterBytes; at * clusterBytes < position + lengthBytes; at++) {
      counted.merge(at, 1, Integer::sum);
    }
  }
}
