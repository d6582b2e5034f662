package io.vitrine.format.vhdx;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The CRC-32C of a structure. It is stored in the structure's bytes 4 to 7, which count as zeros.
 */
final class Checksum {
  private static final int AT = 4;

  private Checksum() {}

  /** Whether a little-endian structure has the right checksum. */
  static boolean isRight(ByteBuffer structure) {
    return isRight(List.of(structure));
  }

  /** The same for a structure in parts, of which the first has the checksum. */
  static boolean isRight(List<ByteBuffer> parts) {
    return of(parts) == parts.getFirst().getInt(AT);
  }

  /** Computes the checksum of a structure in parts. */
  static int of(List<ByteBuffer> parts) {
    var first = parts.getFirst();
    int end = AT + Integer.BYTES;
    var crc = new CRC32C();
    crc.update(first.slice(0, AT));
    crc.update(new byte[Integer.BYTES]);
    crc.update(first.slice(end, first.limit() - end));
    parts.stream().skip(1).forEach(part -> crc.update(part.duplicate().rewind()));
    return (int) crc.getValue();
  }
}
