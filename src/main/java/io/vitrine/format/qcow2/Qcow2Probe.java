package io.vitrine.format.qcow2;

import io.vitrine.format.probe.Checks;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Probe;
import io.vitrine.format.probe.Region;
import io.vitrine.format.probe.Tail;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * QCOW2, versions 2 and 3 (qemu's docs/interop/qcow2.txt). The file must be self-contained: no
 * backing file (CVE-2014-5163) and no external data file (CVE-2024-32498).
 */
public final class Qcow2Probe implements Probe {
  private static final byte[] MAGIC = {'Q', 'F', 'I', (byte) 0xfb};

  private static final int VERSION = 4;
  private static final int BACKING_FILE_OFFSET = 8;
  private static final int CLUSTER_BITS = 20;
  private static final int SIZE = 24;
  private static final int CRYPT_METHOD = 32;
  private static final int L1_ENTRIES = 36;
  private static final int L1_OFFSET = 40;
  private static final int REFCOUNT_OFFSET = 48;
  private static final int REFCOUNT_CLUSTERS = 56;
  private static final int INCOMPATIBLE_FEATURES = 72;
  private static final int HEADER_LENGTH = 100;

  private static final int VERSION_2_HEADER_BYTES = 72;
  private static final int VERSION_3_HEADER_BYTES = 104;

  /** Dirty, zstd compression and extended L2 entries (bits 0, 3 and 4). */
  private static final long ACCEPTED_FEATURES = 0b11001;

  private static final long CORRUPT = 0b10;
  private static final long EXTERNAL_DATA_FILE = 0b100;

  private static final int EXTENSION_END = 0;
  private static final int EXTENSION_DATA_FILE = 0x44415441;

  /**
   * Far more than the known extensions need, and less than the first cluster, their limit, may
   * have.
   */
  private static final int EXTENSIONS_LIMIT_BYTES = 64 * 1024;

  private final Region head;
  private Region rest = new Region(HEAD_BYTES, 0);

  /** Recognises the format in a stream with this head. */
  public Qcow2Probe(Region head) {
    this.head = head;
  }

  @Override
  public List<Region> next() {
    if (!head.has(0, MAGIC) || rest.wanted() > HEAD_BYTES) {
      return List.of();
    }
    rest = new Region(HEAD_BYTES, headerAreaBytes() - HEAD_BYTES);
    return rest.isComplete() ? List.of() : List.of(rest);
  }

  @Override
  public Optional<DetectedFormat> conclude(long sizeBytes, Tail tail) {
    if (!head.has(0, MAGIC)) {
      return Optional.empty();
    }
    if (!head.isComplete()) {
      return Checks.truncated(ContentFormat.QCOW2);
    }
    var header = head.read(ByteOrder.BIG_ENDIAN);
    var version = header.getInt(VERSION);
    var checks = new Checks(ContentFormat.QCOW2);
    if (version != 2 && version != 3) {
      return checks.refuse("unknown_features", "is neither QCOW2 version 2 nor 3").unknownSize();
    }
    checks.refuseIf(
        header.getLong(BACKING_FILE_OFFSET) != 0,
        "backing_file",
        "has a backing file; flatten it with qemu-img convert");
    if (version == 3) {
      checkFeatures(header.getLong(INCOMPATIBLE_FEATURES), checks);
    }
    checkStructure(header, sizeBytes, checks);
    checkExtensions(version, checks);
    return checks.size(header.getLong(SIZE));
  }

  private static void checkFeatures(long features, Checks checks) {
    checks
        .refuseIf((features & EXTERNAL_DATA_FILE) != 0, "data_file", "has an external data file")
        .refuseIf((features & CORRUPT) != 0, "corrupt", "is marked as corrupt; repair it")
        .refuseIf(
            (features & ~(ACCEPTED_FEATURES | CORRUPT | EXTERNAL_DATA_FILE)) != 0,
            "unknown_features",
            "uses unknown QCOW2 features");
  }

  private static void checkStructure(ByteBuffer header, long sizeBytes, Checks checks) {
    var clusterBits = header.getInt(CLUSTER_BITS);
    if (!isValid(clusterBits)) {
      checks.refuse("structure", "has an impossible cluster size");
      return;
    }
    var crypt = header.getInt(CRYPT_METHOD);
    var l1Bytes = Integer.toUnsignedLong(header.getInt(L1_ENTRIES)) * Long.BYTES;
    var refcountBytes = Integer.toUnsignedLong(header.getInt(REFCOUNT_CLUSTERS)) << clusterBits;
    checks
        .refuseHeaderIf(crypt < 0 || crypt > 2, "has an unknown encryption method")
        .refuseHeaderIf(
            !Checks.isWithin(header.getLong(L1_OFFSET), l1Bytes, sizeBytes)
                || !Checks.isWithin(header.getLong(REFCOUNT_OFFSET), refcountBytes, sizeBytes),
            "has tables beyond its end; it may be cut off");
  }

  private void checkExtensions(int version, Checks checks) {
    var area = headerArea();
    var headerLength =
        version == 2 ? VERSION_2_HEADER_BYTES : Integer.toUnsignedLong(area.getInt(HEADER_LENGTH));
    if (version == 3 && headerLength < VERSION_3_HEADER_BYTES) {
      checks.refuse("structure", "has an impossible header length");
      return;
    }
    var at = headerLength;
    while (at <= area.limit() - 2 * Integer.BYTES) {
      var type = area.getInt((int) at);
      if (type == EXTENSION_END) {
        return;
      }
      checks.refuseIf(
          type == EXTENSION_DATA_FILE, "data_file", "names an external data file in its header");
      var length = Integer.toUnsignedLong(area.getInt((int) at + Integer.BYTES));
      at += 2 * Integer.BYTES + (length + 7) / 8 * 8;
    }
    // Extensions also end with the first cluster, if all of it was captured.
    var isEnd = at == area.limit() && at == clusterBytes();
    checks.refuseHeaderIf(!isEnd, "has header extensions that do not end");
  }

  private ByteBuffer headerArea() {
    var area = new ByteArrayOutputStream();
    area.writeBytes(head.captured());
    area.writeBytes(rest.captured());
    return ByteBuffer.wrap(area.toByteArray());
  }

  private int headerAreaBytes() {
    return Math.min(clusterBytes(), EXTENSIONS_LIMIT_BYTES);
  }

  private int clusterBytes() {
    var clusterBits = head.read(ByteOrder.BIG_ENDIAN).getInt(CLUSTER_BITS);
    return isValid(clusterBits) ? 1 << clusterBits : HEAD_BYTES;
  }

  private static boolean isValid(int clusterBits) {
    return clusterBits >= 9 && clusterBits <= 21;
  }
}
