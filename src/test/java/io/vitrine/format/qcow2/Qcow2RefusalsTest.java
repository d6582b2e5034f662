package io.vitrine.format.qcow2;

import static io.vitrine.format.qcow2.TestingQcow2.BACKING_FILE;
import static io.vitrine.format.qcow2.TestingQcow2.CLUSTER_BITS;
import static io.vitrine.format.qcow2.TestingQcow2.COMPRESSION;
import static io.vitrine.format.qcow2.TestingQcow2.CRYPT_METHOD;
import static io.vitrine.format.qcow2.TestingQcow2.EXTENSIONS;
import static io.vitrine.format.qcow2.TestingQcow2.FEATURES;
import static io.vitrine.format.qcow2.TestingQcow2.HEADER_LENGTH;
import static io.vitrine.format.qcow2.TestingQcow2.L1_OFFSET;
import static io.vitrine.format.qcow2.TestingQcow2.L1_SIZE;
import static io.vitrine.format.qcow2.TestingQcow2.REFCOUNT_CLUSTERS;
import static io.vitrine.format.qcow2.TestingQcow2.REFCOUNT_OFFSET;
import static io.vitrine.format.qcow2.TestingQcow2.REFCOUNT_ORDER;
import static io.vitrine.format.qcow2.TestingQcow2.SIZE;
import static io.vitrine.format.qcow2.TestingQcow2.SNAPSHOTS;
import static io.vitrine.format.qcow2.TestingQcow2.SNAPSHOTS_OFFSET;
import static io.vitrine.format.qcow2.TestingQcow2.VERSION;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.format.block.InvalidImageException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What makes a file no image that can be read, and the words for it. */
class Qcow2RefusalsTest {
  /** Clusters are of 4 KiB: the header, the refcount table, a block, the L1 table, the L2 table. */
  private static final int CLUSTER = 4096;

  private static final int L1 = 3 * CLUSTER;
  private static final int L2 = 4 * CLUSTER;

  static Stream<Arguments> features() {
    return Stream.of(
        arguments(image().int8(3, 0), "is corrupt: magic at offset 0"),
        arguments(image().int32(VERSION, 1), "is neither QCOW2 version 2 nor 3"),
        arguments(image().int32(VERSION, 4), "is neither QCOW2 version 2 nor 3"),
        arguments(image().int64(BACKING_FILE, 600), "has a backing file; flatten it"),
        arguments(image().int64(FEATURES, 2), "is marked as corrupt"),
        arguments(image().int64(FEATURES, 4), "has an external data file"),
        arguments(image().int64(FEATURES, 32), "uses unknown QCOW2 features"),
        arguments(image().int64(FEATURES, 1L << 63), "uses unknown QCOW2 features"),
        arguments(image().int64(FEATURES, 8), "is corrupt: compression_type at offset 104: 0 "),
        arguments(image().int8(COMPRESSION, 1), "is corrupt: compression_type at offset 104: 1 "),
        arguments(image().int8(COMPRESSION, 2), "uses an unknown QCOW2 compression"),
        arguments(image().int32(CRYPT_METHOD, 1), "is encrypted, which is not supported"),
        arguments(image().int32(CRYPT_METHOD, 2), "is encrypted, which is not supported"),
        arguments(image().int32(CRYPT_METHOD, 3), "is corrupt: crypt_method at offset 32: 3 is "),
        arguments(image().int32(EXTENSIONS, 0x44415441), "names an external data file in its"),
        arguments(image().int32(EXTENSIONS, 9).int32(EXTENSIONS + 4, -1), "extensions that do not"),
        arguments(image().int64(FEATURES, 16), "cluster_bits at offset 20: 12 is too small for"));
  }

  static Stream<Arguments> fields() {
    return Stream.of(
        arguments(image().int32(CLUSTER_BITS, 8), "is corrupt: cluster_bits at offset 20: 8 is "),
        arguments(image().int32(CLUSTER_BITS, 22), "cluster_bits at offset 20: 22 is not between"),
        arguments(image().int32(CLUSTER_BITS, -1), "cluster_bits at offset 20: -1 is not between"),
        arguments(image().int64(SIZE, -1), "is corrupt: size at offset 24: -1 is negative"),
        arguments(image().int64(SIZE, Long.MAX_VALUE), "l1_size at offset 36: 1 is too small for"),
        arguments(image().int64(SIZE, 2097153), "l1_size at offset 36: 1 is too small for 2097153"),
        arguments(image().int32(L1_SIZE, 0), "l1_size at offset 36: 0 is too small for 40000 byt"),
        arguments(image().int32(L1_SIZE, 4194305), "l1_size at offset 36: 4194305 is too large"),
        arguments(image().int32(L1_SIZE, -1), "l1_size at offset 36: 4294967295 is too large"),
        arguments(image().int64(L1_OFFSET, 0), "l1_table_offset at offset 40: 0 is no cluster"),
        arguments(image().int64(L1_OFFSET, L1 + 8), "l1_table_offset at offset 40: 12296 is no"),
        arguments(image().int64(L1_OFFSET, -CLUSTER), "l1_table_offset at offset 40: -4096 is no"),
        arguments(image().int64(L1_OFFSET, 1L << 60), "l1_table_offset at offset 40: 115292150460"),
        arguments(image().int64(REFCOUNT_OFFSET, 8), "refcount_table_offset at offset 48: 8 is n"),
        arguments(image().int32(REFCOUNT_CLUSTERS, 0), "refcount_table_clusters at offset 56: 0 "),
        arguments(image().int32(REFCOUNT_CLUSTERS, 2049), "refcount_table_clusters at offset 56: "),
        arguments(image().int32(REFCOUNT_ORDER, 7), "refcount_order at offset 96: 7 is not betwe"),
        arguments(image().int32(REFCOUNT_ORDER, -1), "refcount_order at offset 96: -1 is not bet"),
        arguments(image().int32(HEADER_LENGTH, 72), "header_length at offset 100: 72 is not betw"),
        arguments(image().int32(HEADER_LENGTH, 4104), "header_length at offset 100: 4104 is not "),
        arguments(image().int32(HEADER_LENGTH, -1), "header_length at offset 100: 4294967295 is "),
        arguments(image().snapshots(65537), "nb_snapshots at offset 60: 65537 is too large"),
        arguments(image().int32(SNAPSHOTS, 1), "snapshots_offset at offset 64: 0 is no cluster"));
  }

  static Stream<Arguments> tables() {
    return Stream.of(
        arguments(image().int64(L1, 512), "is corrupt: L1 entry at offset 12288: 0x200 has reser"),
        arguments(image().int64(L1, L2 | 1), "is corrupt: L1 entry at offset 12288: 0x4001 has "),
        arguments(image().int64(L1, L2 | 1L << 56), "is corrupt: L1 entry at offset 12288: 0x10"),
        arguments(large().int64(L1 + 8, L2), "is corrupt: the L2 table at position 16384 overlap"),
        arguments(image().int64(L1, CLUSTER), "the L2 table at position 4096 overlaps"),
        arguments(image().int64(L1, L1), "the L2 table at position 12288 overlaps"),
        arguments(image().int64(REFCOUNT_OFFSET, L1), "the refcount table at position 12288 over"),
        arguments(image().int64(L1, 1L << 40), "is cut off: needs 1099511631872 bytes, has "),
        arguments(image().snapshots(1).int64(SNAPSHOTS_OFFSET, L1), "the snapshot table at posit"),
        arguments(image().entry(1, 512), "is corrupt: L2 entry at offset 16392: 512 is no multip"),
        arguments(image().entry(1, 1L << 61), "L2 entry at offset 16392: reserved bits are set in"),
        arguments(image().entry(1, 2), "L2 entry at offset 16392: reserved bits are set in 0x2"),
        arguments(version2().entry(1, 1), "L2 entry at offset 16392: clusters of zeros are not p"));
  }

  static Stream<Arguments> subclusters() {
    int first = 4 << 14;
    var image = extended();
    return Stream.of(
        arguments(extended().int64(first, 5 << 14 | 1), "L2 entry at offset 65536: a reserved bit"),
        arguments(extended().int64(first, 5 << 14 | 4), "L2 entry at offset 65536: reserved bits"),
        arguments(extended().int64(first + 8, 1L << 32 | 1), "L2 entry at offset 65536: the bitm"),
        arguments(extended().int64(first, 0), "L2 entry at offset 65536: the bitmap 0xffffffff c"),
        arguments(
            image.compressed(1, image.text(2)).int64(first + 24, 1),
            "L2 entry at offset 65552: a compressed cluster has a bitmap"));
  }

  static Stream<Arguments> data() {
    return Stream.of(
        arguments(image().entry(1, CLUSTER), "is corrupt: data at position 4096 overlaps"),
        arguments(image().entry(1, L2), "is corrupt: data at position 16384 overlaps something"),
        arguments(image().entry(1, 5 * CLUSTER), "is corrupt: data at position 20480 overlaps"),
        arguments(image().entry(1, 1L << 40), "is cut off: needs 1099511631872 bytes, has 24576"),
        arguments(image().entry(1, 1L << 62 | 5 * CLUSTER), "compressed data at position 20480 "),
        arguments(image().entry(1, 1L << 62 | 600), "compressed data at position 600 overlaps"),
        arguments(image().entry(1, 1L << 62 | 1 << 30), "is cut off: needs 1073742336 bytes, has"),
        arguments(garbage(image()), "compressed cluster at offset 24576: it does not inflate to "),
        arguments(garbage(image().zstd()), "compressed cluster at offset 24576: it does not infl"),
        arguments(half(image()), "compressed cluster at offset 24576: it does not inflate to a w"),
        arguments(half(image().zstd()), "compressed cluster at offset 24576: it does not inflate"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource({"features", "fields", "tables", "subclusters", "data"})
  void refuses(TestingQcow2 image, String message) {
    assertThatThrownBy(
            () -> {
              TestingQcow2.DISKS.inFileOrder(image.file());
              TestingQcow2.DISKS.whole(image.file());
            })
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining(message);
  }

  private static TestingQcow2 image() {
    var image = TestingQcow2.version3(12, 40_000);
    return image.plain(0, image.random(1));
  }

  private static TestingQcow2 version2() {
    var image = TestingQcow2.version2(12, 40_000);
    return image.plain(0, image.random(1));
  }

  /** With two L2 tables. */
  private static TestingQcow2 large() {
    var image = TestingQcow2.version3(12, 4 << 20);
    return image.plain(0, image.random(1)).plain(600, image.random(2));
  }

  private static TestingQcow2 extended() {
    var image = TestingQcow2.extended(14, 40_000);
    return image.plain(0, image.random(1));
  }

  /** A compressed cluster that is none. */
  private static TestingQcow2 garbage(TestingQcow2 image) {
    return image
        .compressed(1, image.text(2))
        .int64(6 * CLUSTER, 0x0123_4567_89ab_cdefL)
        .int64(6 * CLUSTER + 8, -1);
  }

  /** A compressed cluster that is too short. */
  private static TestingQcow2 half(TestingQcow2 image) {
    return image.compressed(1, new byte[CLUSTER / 2]);
  }
}
