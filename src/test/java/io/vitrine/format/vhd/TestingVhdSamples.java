package io.vitrine.format.vhd;

import static io.vitrine.format.vhd.TestingVhd.HOLE;

import java.nio.ByteBuffer;
import java.util.List;

/** Small images of every kind, to be spoiled. */
public final class TestingVhdSamples {
  private static final int FOOTER_CHECKSUM_AT = 64;
  private static final int HEADER_CHECKSUM_AT = 36;
  private static final int HEADER_BYTES = 1024;

  private TestingVhdSamples() {}

  /** The bytes of the files. */
  public static List<byte[]> all() {
    return List.of(
        TestingVhd.fixed(3000).file(),
        TestingVhd.dynamic(4096, 0, 4, HOLE, 22, 13).file(),
        TestingVhd.dynamic(8192, 700, HOLE, 5, HOLE).file(),
        TestingVhd.dynamic(1 << 21, 0, HOLE, HOLE).file());
  }

  /** A copy whose checksums are right. */
  public static byte[] seal(byte[] file) {
    var copy = ByteBuffer.wrap(file.clone());
    sum(copy, 0, TestingVhd.FOOTER_BYTES, FOOTER_CHECKSUM_AT);
    sum(copy, TestingVhd.HEADER_AT, HEADER_BYTES, HEADER_CHECKSUM_AT);
    sum(copy, file.length - TestingVhd.FOOTER_BYTES, TestingVhd.FOOTER_BYTES, FOOTER_CHECKSUM_AT);
    return copy.array();
  }

  private static void sum(ByteBuffer file, int at, int lengthBytes, int checksumAt) {
    if (at >= 0 && at <= file.limit() - lengthBytes && file.get(at) == 'c') {
      file.putInt(at + checksumAt, 0);
      int sum = 0;
      for (int i = at; i < at + lengthBytes; i++) {
        sum += Byte.toUnsignedInt(file.get(i));
      }
      file.putInt(at + checksumAt, ~sum);
    }
  }
}
