package io.vitrine.importer.decompress;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A header of level 2, which holds its extensions: each has a type, then data, then the length of
 * the next.
 */
final class LhaExtensions {
  private static final int PACKED = 7;
  private static final int SIZE = 11;
  private static final int CHECKSUM = 21;
  private static final int FIRST_LENGTH = 24;
  private static final int FIRST = 26;

  /** Type and length of the next extension. */
  private static final int FRAME_BYTES = 3;

  /** The CRC-16 of the header, computed with zeros in its place. */
  private static final int HEADER_CHECKSUM = 0x00;

  /** The lengths of large files, of 8 bytes each. */
  private static final int LONG_SIZES = 0x42;

  private final byte[] bytes;
  private final ByteBuffer header;
  private long packedBytes;
  private long sizeBytes;

  private LhaExtensions(byte[] bytes) {
    this.bytes = bytes;
    header = LhaHeader.little(bytes);
    packedBytes = Integer.toUnsignedLong(header.getInt(PACKED));
    sizeBytes = Integer.toUnsignedLong(header.getInt(SIZE));
  }

  /** Reads a whole header. */
  static LhaHeader read(byte[] bytes) throws IOException {
    LhaHeader.require(bytes.length >= FIRST, "a header is too short");
    var extensions = new LhaExtensions(bytes);
    extensions.readAll();
    LhaHeader.require(
        extensions.packedBytes >= 0 && extensions.sizeBytes >= 0, "a header has bad sizes");
    return new LhaHeader(
        LhaHeader.method(bytes),
        extensions.packedBytes,
        extensions.sizeBytes,
        Short.toUnsignedInt(extensions.header.getShort(CHECKSUM)));
  }

  private void readAll() throws IOException {
    int at = FIRST;
    int length = Short.toUnsignedInt(header.getShort(FIRST_LENGTH));
    while (length != 0) {
      LhaHeader.require(
          length >= FRAME_BYTES && length <= bytes.length - at, "a header has a bad extension");
      read(at, length - FRAME_BYTES);
      at += length;
      length = Short.toUnsignedInt(header.getShort(at - 2));
    }
  }

  private void read(int at, int dataBytes) throws IOException {
    int type = Byte.toUnsignedInt(header.get(at));
    if (type == HEADER_CHECKSUM && dataBytes >= 2) {
      requireSound(at + 1);
    } else if (type == LONG_SIZES && dataBytes >= 16) {
      packedBytes = header.getLong(at + 1);
      sizeBytes = header.getLong(at + 9);
    }
  }

  private void requireSound(int checksumAt) throws IOException {
    var summed = bytes.clone();
    summed[checksumAt] = 0;
    summed[checksumAt + 1] = 0;
    var found = new Crc16();
    found.update(summed, 0, summed.length);
    LhaHeader.require(
        found.value() == Short.toUnsignedInt(header.getShort(checksumAt)),
        "wrong checksum of a header");
  }
}
