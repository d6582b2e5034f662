package io.vitrine.format.vhd;

import java.nio.ByteBuffer;

/** The checksum in the structures of a VHD. */
final class VhdChecksum {
  private VhdChecksum() {}

  /**
   * Whether the checksum at an index is the complement of the sum of all bytes but its own.
   *
   * @param structure from the first to the last byte, big-endian
   */
  static boolean isSound(ByteBuffer structure, int at) {
    int sum = 0;
    for (int i = 0; i < structure.limit(); i++) {
      sum += i >= at && i < at + Integer.BYTES ? 0 : Byte.toUnsignedInt(structure.get(i));
    }
    return structure.getInt(at) == ~sum;
  }
}
