package io.vitrine.format.vhdx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The bytes of a log, which continue at its start (MS-VHDX 2.3). */
final class LogRing {
  /** The unit of the log. All structures lie within one. */
  static final int SECTOR_BYTES = 4096;

  private final ByteBuffer bytes;

  /** A ring of all bytes of the buffer, a multiple of the sector. */
  LogRing(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  int sizeBytes() {
    return bytes.limit();
  }

  /** A part within a sector, little-endian. */
  ByteBuffer part(long at, int lengthBytes) {
    return bytes.slice((int) (at % bytes.limit()), lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A range of at most the ring's size, which begins within it; in two parts if it wraps. */
  List<ByteBuffer> range(int at, int lengthBytes) {
    int untilWrap = Math.min(lengthBytes, bytes.limit() - at);
    var first = part(at, untilWrap);
    return untilWrap == lengthBytes
        ? List.of(first)
        : List.of(first, part(0, lengthBytes - untilWrap));
  }
}
