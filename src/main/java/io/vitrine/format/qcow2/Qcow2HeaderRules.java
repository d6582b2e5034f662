package io.vitrine.format.qcow2;

import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.probe.Violation;
import java.util.ArrayList;
import java.util.List;

/**
 * What a header must be so that the image can be used: valid, and of one file only. The limits of
 * tables are those of qemu. Encryption is none of them, as encrypted images may be stored.
 */
final class Qcow2HeaderRules {
  static final long MAX_L1_BYTES = 32 << 20;
  private static final long MAX_REFCOUNT_TABLE_BYTES = 8 << 20;
  private static final long MAX_SNAPSHOTS = 65_536;
  private static final int MIN_EXTENDED_CLUSTER_BITS = 14;
  private static final int MAX_REFCOUNT_ORDER = 6;
  private static final int MAX_CRYPT_METHOD = 2;

  /** The cap of a position: nothing that lies before overflows when a length is added. */
  private static final long MAX_POSITION = 1L << 56;

  private static final long KNOWN_FEATURES =
      Qcow2Header.DIRTY
          | Qcow2Header.CORRUPT
          | Qcow2Header.EXTERNAL_DATA_FILE
          | Qcow2Header.COMPRESSION_TYPE
          | Qcow2Header.EXTENDED_L2;

  private final Qcow2Header header;
  private final List<Violation> violations = new ArrayList<>();

  private Qcow2HeaderRules(Qcow2Header header) {
    this.header = header;
  }

  /** All that is wrong with a header, but for its extensions. */
  static List<Violation> violations(Qcow2Header header) {
    var rules = new Qcow2HeaderRules(header);
    rules.check();
    return rules.violations;
  }

  private void check() {
    refuseIf(!header.isKnownVersion(), "unknown_features", "is neither QCOW2 version 2 nor 3");
    if (violations.isEmpty()) {
      checkFeatures();
      checkFormat();
    }
  }

  private void checkFeatures() {
    refuseIf(
        header.backingFileOffset() != 0,
        "backing_file",
        "has a backing file; flatten it with qemu-img convert");
    refuseIf(header.has(Qcow2Header.EXTERNAL_DATA_FILE), "data_file", "has an external data file");
    refuseIf(header.has(Qcow2Header.CORRUPT), "corrupt", "is marked as corrupt; repair it");
    refuseIf(header.has(~KNOWN_FEATURES), "unknown_features", "uses unknown QCOW2 features");
  }

  private void checkFormat() {
    int clusterBits = header.clusterBits();
    if (clusterBits < L2Layout.MIN_CLUSTER_BITS || clusterBits > L2Layout.MAX_CLUSTER_BITS) {
      fault("cluster_bits", 20, clusterBits + " is not between 9 and 21");
      return;
    }
    checkNumbers();
    checkLength();
    checkL1();
    checkRefcounts();
    checkSnapshots();
  }

  private void checkNumbers() {
    int crypt = header.cryptMethod();
    faultIf(crypt < 0 || crypt > MAX_CRYPT_METHOD, "crypt_method", 32, crypt + " is unknown");
    int order = header.refcountOrder();
    faultIf(
        order < 0 || order > MAX_REFCOUNT_ORDER,
        "refcount_order",
        96,
        order + " is not between 0 and 6");
    faultIf(
        header.has(Qcow2Header.EXTENDED_L2) && header.clusterBits() < MIN_EXTENDED_CLUSTER_BITS,
        "cluster_bits",
        20,
        header.clusterBits() + " is too small for extended L2 entries");
    int compression = header.compressionType();
    refuseIf(compression > 1, "unknown_features", "uses an unknown QCOW2 compression");
    faultIf(
        compression <= 1 && (compression == 1) != header.has(Qcow2Header.COMPRESSION_TYPE),
        "compression_type",
        104,
        compression + " contradicts the incompatible features");
  }

  private void checkLength() {
    long length = header.headerLength();
    int least = header.version() == 2 ? Qcow2Header.VERSION_2_BYTES : Qcow2Header.VERSION_3_BYTES;
    faultIf(
        length < least || length > header.layout().clusterBytes(),
        "header_length",
        100,
        length + " is not between %d and the cluster size".formatted(least));
  }

  private void checkL1() {
    long size = header.sizeBytes();
    long l1Size = header.l1Size();
    if (size < 0) {
      fault("size", 24, size + " is negative");
    } else if (l1Size > MAX_L1_BYTES / Long.BYTES) {
      fault("l1_size", 36, l1Size + " is too large");
    } else if (l1Size < header.l1SizeOfDisk()) {
      fault("l1_size", 36, "%d is too small for %d bytes".formatted(l1Size, size));
    } else if (l1Size > 0) {
      checkPosition("l1_table_offset", 40, header.l1Offset());
    }
  }

  private void checkRefcounts() {
    long clusters = header.refcountTableClusters();
    if (clusters == 0 || clusters > MAX_REFCOUNT_TABLE_BYTES >> header.clusterBits()) {
      fault("refcount_table_clusters", 56, clusters + " is zero or too large");
    } else {
      checkPosition("refcount_table_offset", 48, header.refcountTableOffset());
    }
  }

  private void checkSnapshots() {
    long snapshots = header.snapshots();
    if (snapshots > MAX_SNAPSHOTS) {
      fault("nb_snapshots", 60, snapshots + " is too large");
    } else if (snapshots > 0) {
      checkPosition("snapshots_offset", 64, header.snapshotsOffset());
    }
  }

  private void checkPosition(String field, int offset, long position) {
    int clusterBytes = header.layout().clusterBytes();
    faultIf(
        position < clusterBytes || position > MAX_POSITION || position % clusterBytes != 0,
        field,
        offset,
        position + " is no cluster that a table can have");
  }

  private void faultIf(boolean isBad, String field, int offset, String fault) {
    if (isBad) {
      fault(field, offset, fault);
    }
  }

  private void fault(String field, int offset, String fault) {
    var reason = InvalidImageException.inField(field, offset, fault).getMessage();
    violations.add(new Violation("structure", String.valueOf(reason)));
  }

  private void refuseIf(boolean isBad, String check, String reason) {
    if (isBad) {
      violations.add(new Violation(check, reason));
    }
  }
}
