package io.vitrine.importer.decompress;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.tukaani.xz.LZMAInputStream;

/**
 * One .lzma stream, after which nothing may follow. Its header is 13 bytes: the properties, the
 * size of the dictionary, and the size of the data or -1.
 */
final class LzmaAlone extends BulkInput {
  private static final int HEADER_BYTES = 13;

  /** The first byte of the range coder is always 0; the next four begin to tell of the data. */
  private static final int FIRST_CODED = HEADER_BYTES + 1;

  private static final int LEAST_HEAD_BYTES = FIRST_CODED + 4;
  private static final int MOST_PROPERTIES = (4 * 5 + 4) * 9 + 8;
  private static final int MOST_CONTEXT_BITS = 4;
  private static final int LEAST_DICTIONARY_BYTES = 4 << 10;

  /** The greatest that xz believes when it guesses the format: 256 GiB. */
  private static final long MOST_DATA_BYTES = 1L << 38;

  private static final int UNKNOWN_SIZE = -1;

  private final InputStream packed;
  private final InputStream data;

  private LzmaAlone(InputStream packed, InputStream data) {
    super(data);
    this.packed = packed;
    this.data = data;
  }

  static InputStream open(InputStream packed) throws IOException {
    return new LzmaAlone(packed, new LZMAInputStream(packed, Compression.MEMORY_KIB));
  }

  /**
   * Whether the bytes begin such a stream: they have the header that encoders write, and what
   * follows can be decoded. Zeros decode to zeros, but no encoder writes so many of them.
   */
  static boolean begins(byte[] head) {
    if (head.length < LEAST_HEAD_BYTES) {
      return false;
    }
    var header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    int properties = Byte.toUnsignedInt(head[0]);
    long dataBytes = header.getLong(5);
    boolean isSound =
        properties <= MOST_PROPERTIES
            && properties % 9 + properties / 9 % 5 <= MOST_CONTEXT_BITS
            && isDictionary(header.getInt(1))
            && (dataBytes == UNKNOWN_SIZE || (dataBytes > 0 && dataBytes < MOST_DATA_BYTES))
            && head[HEADER_BYTES] == 0
            && header.getInt(FIRST_CODED) != 0;
    return isSound && canBeDecoded(head, dataBytes);
  }

  /** Whether the size is a power of two, or the sum of two that are next to each other. */
  private static boolean isDictionary(int bytes) {
    int rest = bytes & ~Integer.highestOneBit(bytes);
    return Integer.compareUnsigned(bytes, LEAST_DICTIONARY_BYTES) >= 0
        && (rest == 0 || rest == Integer.highestOneBit(bytes) >>> 1);
  }

  /** Decodes the head, whose matches cannot reach beyond the least dictionary. */
  private static boolean canBeDecoded(byte[] head, long dataBytes) {
    var coded =
        new ByteArrayInputStream(
            Arrays.copyOfRange(head, HEADER_BYTES, Math.min(head.length, Compression.HEAD_BYTES)));
    try (var data = new LZMAInputStream(coded, dataBytes, head[0], LEAST_DICTIONARY_BYTES)) {
      data.skipNBytes(Math.min(LEAST_DICTIONARY_BYTES, dataBytes & Long.MAX_VALUE));
      return true;
    } catch (EOFException decodedToTheEnd) {
      return true;
    } catch (IOException impossible) {
      return false;
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = data.read(target, offset, length);
    if (read < 0 && packed.read() >= 0) {
      throw new IOException("other data follows");
    }
    return read;
  }
}
