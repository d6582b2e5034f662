package io.vitrine.format.block;

import java.nio.ByteBuffer;

/** Finds and makes runs of zeros. */
public final class Zeros {
  private static final int PIECE_BYTES = 64 << 10;
  private static final ByteBuffer PIECE = ByteBuffer.allocate(PIECE_BYTES).asReadOnlyBuffer();

  private Zeros() {}

  /** Whether all bytes between a buffer's position and limit are zeros; leaves both alone. */
  public static boolean areAll(ByteBuffer data) {
    for (int at = data.position(); at < data.limit(); at += PIECE_BYTES) {
      int count = Math.min(PIECE_BYTES, data.limit() - at);
      // The virtual machine compares buffers by vectors, whether or not they are on its heap.
      if (data.slice(at, count).mismatch(PIECE.slice(0, count)) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Fills the rest of a buffer. */
  public static void fill(ByteBuffer target) {
    while (target.hasRemaining()) {
      target.put(PIECE.slice(0, Math.min(PIECE_BYTES, target.remaining())));
    }
  }
}
