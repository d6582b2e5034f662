package io.vitrine.importer.decompress;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The header of a member of an LHA archive, of level 0, 1 or 2 (the notes on headers that come with
 * LHa for UNIX).
 *
 * @param method how it is compressed, such as {@code -lh5-}
 * @param packedBytes the length of the compressed data after the header, at least 0
 * @param sizeBytes the length of the data, at least 0
 * @param checksum the data's CRC-16
 */
record LhaHeader(String method, long packedBytes, long sizeBytes, int checksum) {
  /** What all levels begin with: it ends with the level. */
  private static final int START_BYTES = 21;

  private static final int METHOD = 2;
  private static final int METHOD_BYTES = 5;
  private static final int PACKED = 7;
  private static final int SIZE = 11;
  private static final int LEVEL = 20;
  private static final int MOST_LEVEL = 3;

  /** Glance takes any letter after -lh for an archive; those of LArc are -lz. */
  private static final Pattern METHODS = Pattern.compile("-lh[0-9a-z]-|-lz4-");

  private static final String DIRECTORY = "-lhd-";

  /** Whether the bytes begin with a header. */
  static boolean begins(byte[] head) {
    return head.length >= START_BYTES
        && head[LEVEL] >= 0
        && head[LEVEL] <= MOST_LEVEL
        && METHODS.matcher(method(head)).matches();
  }

  /** Reads the header of the next file, past directories; empty at the end of the archive. */
  static Optional<LhaHeader> nextFile(InputStream archive) throws IOException {
    var header = next(archive);
    while (header.isPresent() && header.get().method.equals(DIRECTORY)) {
      archive.skipNBytes(header.get().packedBytes);
      header = next(archive);
    }
    return header;
  }

  private static Optional<LhaHeader> next(InputStream archive) throws IOException {
    int first = archive.read();
    if (first <= 0) {
      return Optional.empty();
    }
    var start = new byte[START_BYTES];
    start[0] = (byte) first;
    readFully(archive, start, 1);
    if (!begins(start)) {
      throw new IOException("no header of a member");
    }
    return Optional.of(
        switch (start[LEVEL]) {
          case 0, 1 -> shortHeader(archive, start);
          case 2 -> longHeader(archive, start);
          default -> throw new ArchiveRules("lha").refused("has headers of a level above 2");
        });
  }

  /** Level 0 or 1: at most 257 bytes, with a sum of them; then, in level 1, extensions. */
  private static LhaHeader shortHeader(InputStream archive, byte[] start) throws IOException {
    var bytes = complete(archive, start, 2 + (start[0] & 0xff));
    int sum = 0;
    for (int i = METHOD; i < bytes.length; i++) {
      sum += bytes[i];
    }
    require((byte) sum == bytes[1], "wrong sum of a header");
    var header = little(bytes);
    int checksumAt = START_BYTES + 1 + (header.get(START_BYTES) & 0xff);
    boolean isExtended = bytes[LEVEL] == 1;
    require(checksumAt + (isExtended ? 5 : 2) <= bytes.length, "a header is too short");
    long packed = Integer.toUnsignedLong(header.getInt(PACKED));
    long extensions =
        isExtended ? skipExtensions(archive, header.getShort(bytes.length - 2), packed) : 0;
    return new LhaHeader(
        method(bytes),
        packed - extensions,
        Integer.toUnsignedLong(header.getInt(SIZE)),
        Short.toUnsignedInt(header.getShort(checksumAt)));
  }

  /** Skips the extensions, each of which ends with the length of the next; returns their length. */
  private static long skipExtensions(InputStream archive, short first, long most)
      throws IOException {
    long total = 0;
    for (int length = Short.toUnsignedInt(first); length != 0; ) {
      total += length;
      require(length > 2 && total <= most, "a header has a bad extension");
      archive.skipNBytes(length - 2);
      var next = new byte[2];
      readFully(archive, next, 0);
      length = Short.toUnsignedInt(little(next).getShort());
    }
    return total;
  }

  private static LhaHeader longHeader(InputStream archive, byte[] start) throws IOException {
    int length = Short.toUnsignedInt(little(start).getShort());
    return LhaExtensions.read(complete(archive, start, length));
  }

  /** The header whose first bytes have been read. */
  private static byte[] complete(InputStream archive, byte[] start, int length) throws IOException {
    require(length > START_BYTES, "a header is too short");
    var bytes = Arrays.copyOf(start, length);
    readFully(archive, bytes, START_BYTES);
    return bytes;
  }

  private static void readFully(InputStream archive, byte[] bytes, int from) throws IOException {
    if (archive.readNBytes(bytes, from, bytes.length - from) < bytes.length - from) {
      throw new EOFException("a header is cut off");
    }
  }

  static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static String method(byte[] bytes) {
    return new String(bytes, METHOD, METHOD_BYTES, StandardCharsets.ISO_8859_1);
  }

  static void require(boolean holds, String reason) throws IOException {
    if (!holds) {
      throw new IOException(reason);
    }
  }
}
