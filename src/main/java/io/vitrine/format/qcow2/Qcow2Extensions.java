package io.vitrine.format.qcow2;

import io.vitrine.format.probe.Violation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The extensions between the header and the end of the first cluster. */
final class Qcow2Extensions {
  /** Far more than the known extensions need, and less than the first cluster may have. */
  private static final int LIMIT_BYTES = 64 << 10;

  private static final int END = 0;
  private static final int DATA_FILE = 0x44415441;
  private static final int HEAD_BYTES = 2 * Integer.BYTES;

  private Qcow2Extensions() {}

  /** How much of the file's start, in bytes, to read for them; valid cluster bits are required. */
  static int areaBytes(Qcow2Header header) {
    return Math.min(header.layout().clusterBytes(), LIMIT_BYTES);
  }

  /**
   * What is wrong with them. The header must be valid.
   *
   * @param area the start of the file; cut off if the file is
   */
  static List<Violation> violations(Qcow2Header header, byte[] area) {
    var violations = new ArrayList<Violation>();
    var extensions = ByteBuffer.wrap(area).order(ByteOrder.BIG_ENDIAN);
    long at = header.headerLength();
    while (at <= area.length - HEAD_BYTES) {
      int type = extensions.getInt((int) at);
      if (type == END) {
        return violations;
      }
      if (type == DATA_FILE) {
        violations.add(new Violation("data_file", "names an external data file in its header"));
      }
      long length = Integer.toUnsignedLong(extensions.getInt((int) at + Integer.BYTES));
      at += HEAD_BYTES + (length + 7) / 8 * 8;
    }
    // They also end with the first cluster, if all of it is here.
    if (at != area.length || at != header.layout().clusterBytes()) {
      violations.add(new Violation("structure", "has header extensions that do not end"));
    }
    return violations;
  }
}
