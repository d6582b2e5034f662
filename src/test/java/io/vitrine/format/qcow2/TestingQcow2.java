package io.vitrine.format.qcow2;

import io.vitrine.format.compression.ZlibDeflater;
import io.vitrine.format.compression.ZstdDeflater;
import io.vitrine.format.mapped.DiskSubject;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/**
 * An image made by hand, whose bytes a test may spoil, and the disk that it has. The header, the
 * refcount table, a block of counts (all zero) and the L1 table lie in front; everything else lies
 * in the order in which it is added.
 */
final class TestingQcow2 {
  static final DiskSubject DISKS = DiskSubject.of(Qcow2Disk::open);

  static final int VERSION = 4;
  static final int BACKING_FILE = 8;
  static final int CLUSTER_BITS = 20;
  static final int SIZE = 24;
  static final int CRYPT_METHOD = 32;
  static final int L1_SIZE = 36;
  static final int L1_OFFSET = 40;
  static final int REFCOUNT_OFFSET = 48;
  static final int REFCOUNT_CLUSTERS = 56;
  static final int SNAPSHOTS = 60;
  static final int SNAPSHOTS_OFFSET = 64;
  static final int FEATURES = 72;
  static final int REFCOUNT_ORDER = 96;
  static final int HEADER_LENGTH = 100;
  static final int COMPRESSION = 104;
  static final int EXTENSIONS = 112;

  private final int clusterBytes;
  private final int entryBytes;
  private final byte[] disk;
  private byte[] file;

  /** Where the next compressed cluster goes, and where space for it ends. */
  private int packed;

  private int packedEnd;

  private TestingQcow2(int clusterBits, int diskBytes, boolean isExtended) {
    clusterBytes = 1 << clusterBits;
    entryBytes = isExtended ? 16 : 8;
    disk = new byte[diskBytes];
    int l1Size = (int) Math.ceilDiv(diskBytes, (long) clusterBytes / entryBytes * clusterBytes);
    int l1Clusters = Math.ceilDiv(l1Size * 8, clusterBytes);
    file = new byte[(3 + l1Clusters) * clusterBytes];
    buffer().put(0, Qcow2Header.MAGIC);
    int32(VERSION, 3)
        .int32(CLUSTER_BITS, clusterBits)
        .int64(SIZE, diskBytes)
        .int32(L1_SIZE, l1Size)
        .int64(L1_OFFSET, l1Size == 0 ? 0 : 3L * clusterBytes)
        .int64(REFCOUNT_OFFSET, clusterBytes)
        .int32(REFCOUNT_CLUSTERS, 1)
        .int64(FEATURES, isExtended ? Qcow2Header.EXTENDED_L2 : 0)
        .int32(REFCOUNT_ORDER, 4)
        .int32(HEADER_LENGTH, 112)
        .int64(clusterBytes, 2L * clusterBytes);
  }

  static TestingQcow2 version3(int clusterBits, int diskBytes) {
    return new TestingQcow2(clusterBits, diskBytes, false);
  }

  static TestingQcow2 version2(int clusterBits, int diskBytes) {
    return version3(clusterBits, diskBytes)
        .int32(VERSION, 2)
        .int32(REFCOUNT_ORDER, 0)
        .int32(HEADER_LENGTH, 0);
  }

  static TestingQcow2 extended(int clusterBits, int diskBytes) {
    return new TestingQcow2(clusterBits, diskBytes, true);
  }

  TestingQcow2 zstd() {
    return int64(FEATURES, int64At(FEATURES) | Qcow2Header.COMPRESSION_TYPE).int8(COMPRESSION, 1);
  }

  /** A cluster of bytes that cannot be compressed. */
  byte[] random(int seed) {
    var content = new byte[clusterBytes];
    new Random(seed).nextBytes(content);
    return content;
  }

  /** A cluster of bytes that can. */
  byte[] text(int seed) {
    var content = new byte[clusterBytes];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i * seed / 23 % 100);
    }
    return content;
  }

  /** Adds an L2 table for the part of the disk with this number. */
  TestingQcow2 table(int index) {
    return int64(l1Entry(index), append(new byte[clusterBytes]));
  }

  TestingQcow2 plain(int cluster, byte[] content) {
    int entry = l2Entry(cluster);
    if (entryBytes == 16) {
      int64(entry + 8, 0xffff_ffffL);
    }
    return int64(entry, append(content)).onDisk(cluster, content);
  }

  /** Data that lies before the table that maps it. */
  TestingQcow2 plainBeforeTable(int cluster, byte[] content) {
    return entry(cluster, append(content)).onDisk(cluster, content);
  }

  TestingQcow2 compressed(int cluster, byte[] content) {
    int at = l2Entry(cluster);
    var deflated = deflate(content);
    if (packed + deflated.remaining() > packedEnd) {
      int fresh = append(new byte[clusterBytes]);
      packed = fresh == packedEnd && packed > 0 ? packed : fresh;
      packedEnd = file.length;
    }
    int end = packed + deflated.remaining();
    int sectors = (end - 1) / 512 - packed / 512;
    long entry = 1L << 62 | (long) sectors << offsetBits() | packed;
    buffer().put(packed, deflated, 0, deflated.remaining());
    packed = end;
    return int64(at, entry).onDisk(cluster, content);
  }

  private ByteBuffer deflate(byte[] content) {
    boolean isZstd = (int64At(FEATURES) & Qcow2Header.COMPRESSION_TYPE) != 0;
    try (var deflater = isZstd ? new ZstdDeflater(clusterBytes) : ZlibDeflater.raw(clusterBytes)) {
      return deflater.deflate(ByteBuffer.wrap(content)).orElseThrow();
    }
  }

  TestingQcow2 zeros(int cluster) {
    return entry(cluster, 1);
  }

  /** Zeros, with a cluster of the file that has other bytes. */
  TestingQcow2 preallocatedZeros(int cluster) {
    return int64(l2Entry(cluster), append(random(cluster)) | 1);
  }

  /** A cluster of which only parts are allocated, or zeros. */
  TestingQcow2 subclusters(int cluster, int allocated, int zeros) {
    var content = random(cluster);
    int64(l2Entry(cluster), append(content));
    int64(l2Entry(cluster) + 8, (long) zeros << 32 | Integer.toUnsignedLong(allocated));
    int part = clusterBytes / 32;
    for (int i = 0; i < 32; i++) {
      if ((allocated >>> i & 1) == 0) {
        Arrays.fill(content, i * part, (i + 1) * part, (byte) 0);
      }
    }
    return onDisk(cluster, content);
  }

  TestingQcow2 snapshots(int count) {
    return int32(SNAPSHOTS, count).int64(SNAPSHOTS_OFFSET, append(new byte[clusterBytes]));
  }

  /** Moves the L1 table behind everything else. */
  TestingQcow2 moveL1() {
    int from = (int) int64At(L1_OFFSET);
    var table = Arrays.copyOfRange(file, from, from + int32At(L1_SIZE) * 8);
    return int64(L1_OFFSET, append(Arrays.copyOf(table, clusterBytes)));
  }

  /** Sets an entry of an L2 table, which is added if it is missing. */
  TestingQcow2 entry(int cluster, long value) {
    return int64(l2Entry(cluster), value);
  }

  int l1Entry(int index) {
    return (int) int64At(L1_OFFSET) + 8 * index;
  }

  /** Where the entry of a cluster is in the file. */
  int l2Entry(int cluster) {
    int entries = clusterBytes / entryBytes;
    if (int64At(l1Entry(cluster / entries)) == 0) {
      table(cluster / entries);
    }
    return (int) int64At(l1Entry(cluster / entries)) + cluster % entries * entryBytes;
  }

  private int offsetBits() {
    return 62 - (int32At(CLUSTER_BITS) - 8);
  }

  private TestingQcow2 onDisk(int cluster, byte[] content) {
    int at = cluster * clusterBytes;
    System.arraycopy(content, 0, disk, at, Math.min(content.length, disk.length - at));
    return this;
  }

  private int append(byte[] content) {
    int at = file.length;
    file = Arrays.copyOf(file, at + content.length);
    System.arraycopy(content, 0, file, at, content.length);
    return at;
  }

  TestingQcow2 int8(int at, int value) {
    buffer().put(at, (byte) value);
    return this;
  }

  TestingQcow2 int32(int at, int value) {
    buffer().putInt(at, value);
    return this;
  }

  TestingQcow2 int64(int at, long value) {
    buffer().putLong(at, value);
    return this;
  }

  int int32At(int at) {
    return buffer().getInt(at);
  }

  long int64At(int at) {
    return buffer().getLong(at);
  }

  private ByteBuffer buffer() {
    return ByteBuffer.wrap(file);
  }

  /** Cuts the file after the bytes. */
  TestingQcow2 cutTo(int lengthBytes) {
    file = Arrays.copyOf(file, lengthBytes);
    return this;
  }

  byte[] file() {
    return file.clone();
  }

  byte[] disk() {
    return disk.clone();
  }

  int clusterBytes() {
    return clusterBytes;
  }

  /** Where compressed data ends. */
  int packed() {
    return packed;
  }
}
