package io.vitrine.importer.decompress;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Frames of other data that zstd and LZ4 readers skip (RFC 8878, 3.1.2). All that pzstd writes
 * begins with one.
 */
final class SkippableFrames {
  private static final int HEADER_BYTES = 8;

  /** The last four bits of the magic number are free. */
  private static final int MAGIC = 0x184d2a50;

  private static final int FREE_BITS = 0xf;

  private SkippableFrames() {}

  /** Whether the bytes begin with such a frame. */
  static boolean begin(byte[] head) {
    return head.length >= HEADER_BYTES && (read(head, 0) & ~FREE_BITS) == MAGIC;
  }

  /** Skips the rest of a frame whose magic number has been read. */
  static void skipRest(InputStream data) throws IOException {
    var length = data.readNBytes(4);
    if (length.length < 4) {
      throw new EOFException("the length of a frame is cut off");
    }
    data.skipNBytes(Integer.toUnsignedLong(read(length, 0)));
  }

  /** The format of the frames after any that are skipped; empty if there are none. */
  static Optional<Compression> formatAfter(InputStream data) throws IOException {
    var head = data.readNBytes(HEADER_BYTES);
    try {
      while (begin(head)) {
        data.skipNBytes(Integer.toUnsignedLong(read(head, 4)));
        head = data.readNBytes(HEADER_BYTES);
      }
    } catch (EOFException cutOff) {
      return Optional.empty();
    }
    return Compression.of(head).filter(Compression::maySkip);
  }

  private static int read(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
  }
}
