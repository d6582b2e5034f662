package io.vitrine.format.vhd;

import static io.vitrine.format.vhd.TestingVhd.HOLE;

import java.nio.ByteBuffer;
import java.util.List;

/** Small images of every kind, to be spoiled. */
public final class TestingVhdSamples {
  private TestingVhdSamples() {}

  /** The bytes of the files. */
  public static List<byte[]> all() {
    return List.of(
        TestingVhd.fixed(3000).file(),
        TestingVhd.dynamic(4096, 0, 4, HOLE, 22, 13).file(),
        TestingVhd.dynamic(8192, 700, HOLE, 5, HOLE).file(),
        TestingVhd.dynamic(1 << 21, 0, HOLE, HOLE).file());
  }

  /** A copy whose checksums are right, where a structure is recognised at all. */
  public static byte[] seal(byte[] file) {
    var copy = ByteBuffer.wrap(file.clone());
    sealFooter(copy, 0);
    if (file.length >= TestingVhd.TABLE_AT && file[TestingVhd.HEADER_AT] == 'c') {
      TestingVhd.sumHeader(copy);
    }
    sealFooter(copy, file.length - TestingVhd.FOOTER_BYTES);
    return copy.array();
  }

  private static void sealFooter(ByteBuffer file, int at) {
    if (at >= 0 && at <= file.limit() - TestingVhd.FOOTER_BYTES && file.get(at) == 'c') {
      TestingVhd.sumFooter(file, at);
    }
  }
}
