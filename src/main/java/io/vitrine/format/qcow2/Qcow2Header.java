package io.vitrine.format.qcow2;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The header of an image, versions 2 and 3, as it stands in the file (qemu's
 * docs/interop/qcow2.rst). What may be wrong with it is in {@link Qcow2HeaderRules}; until those
 * hold, the values may be anything.
 */
final class Qcow2Header {
  /** How much of the file to read: more than any header has, and no more than the file has. */
  static final int BYTES = 512;

  static final byte[] MAGIC = {'Q', 'F', 'I', (byte) 0xfb};

  static final long DIRTY = 1;
  static final long CORRUPT = 1 << 1;
  static final long EXTERNAL_DATA_FILE = 1 << 2;
  static final long COMPRESSION_TYPE = 1 << 3;
  static final long EXTENDED_L2 = 1 << 4;

  static final int VERSION_2_BYTES = 72;
  static final int VERSION_3_BYTES = 104;

  private final ByteBuffer bytes;

  /**
   * Reads fields from the start of a file.
   *
   * @param bytes at least {@link #BYTES}
   */
  Qcow2Header(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN);
  }

  boolean hasMagic() {
    return Arrays.equals(bytes.array(), 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  int version() {
    return bytes.getInt(4);
  }

  boolean isKnownVersion() {
    return version() == 2 || version() == 3;
  }

  long backingFileOffset() {
    return bytes.getLong(8);
  }

  int clusterBits() {
    return bytes.getInt(20);
  }

  /** Of the disk. */
  long sizeBytes() {
    return bytes.getLong(24);
  }

  /** 0 none, 1 AES, 2 LUKS. */
  int cryptMethod() {
    return bytes.getInt(32);
  }

  /** How many entries the L1 table has. */
  long l1Size() {
    return Integer.toUnsignedLong(bytes.getInt(36));
  }

  long l1Offset() {
    return bytes.getLong(40);
  }

  long refcountTableOffset() {
    return bytes.getLong(48);
  }

  long refcountTableClusters() {
    return Integer.toUnsignedLong(bytes.getInt(56));
  }

  /** How many internal snapshots there are. */
  long snapshots() {
    return Integer.toUnsignedLong(bytes.getInt(60));
  }

  long snapshotsOffset() {
    return bytes.getLong(64);
  }

  long incompatibleFeatures() {
    return version() < 3 ? 0 : bytes.getLong(72);
  }

  boolean has(long incompatibleFeature) {
    return (incompatibleFeatures() & incompatibleFeature) != 0;
  }

  /** The power of two of the bits in a reference count. */
  int refcountOrder() {
    return version() < 3 ? 4 : bytes.getInt(96);
  }

  /** The length of the header itself, after which extensions begin. */
  long headerLength() {
    return version() < 3 ? VERSION_2_BYTES : Integer.toUnsignedLong(bytes.getInt(100));
  }

  /** 0 is zlib, and the default if the header ends before; 1 is zstd. */
  int compressionType() {
    return headerLength() > VERSION_3_BYTES ? Byte.toUnsignedInt(bytes.get(104)) : 0;
  }

  /** How the image maps the disk; only of a header with valid {@link #clusterBits}. */
  L2Layout layout() {
    return new L2Layout(version(), clusterBits(), has(EXTENDED_L2));
  }

  /** How many entries of the L1 table map the disk; others belong to states of snapshots. */
  long l1SizeOfDisk() {
    return Math.ceilDiv(sizeBytes(), layout().spanBytes());
  }

  long refcountTableBytes() {
    return refcountTableClusters() << clusterBits();
  }

  /** Where the tables end to which the header refers, but for those of snapshots. */
  long tablesEnd() {
    long l1End = l1Size() == 0 ? 0 : l1Offset() + l1Size() * Long.BYTES;
    return Math.max(l1End, refcountTableOffset() + refcountTableBytes());
  }
}
