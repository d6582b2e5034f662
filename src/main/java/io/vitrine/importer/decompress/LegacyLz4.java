package io.vitrine.importer.decompress;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorInputStream;

/**
 * A legacy LZ4 frame: after the magic number, compressed blocks with their lengths, up to the end
 * of the data or the next frame (LZ4 Frame Format 1.6, legacy frame). It has no checksum.
 */
final class LegacyLz4 extends BulkInput {
  private static final byte[] MAGIC = {0x02, 0x21, 0x4c, 0x18};

  /** Of each block but the last. */
  private static final int BLOCK_BYTES = 8 << 20;

  /** The most that incompressible data becomes; a greater length is the next magic number. */
  private static final int MOST_PACKED_BYTES = BLOCK_BYTES + BLOCK_BYTES / 255 + 16;

  private final PushbackInputStream data;
  private InputStream block = InputStream.nullInputStream();
  private long left;

  /** The rest of a frame whose magic number has been read; the data can be pushed back by 4. */
  LegacyLz4(PushbackInputStream data) {
    super(data);
    this.data = data;
  }

  static boolean isMagic(byte[] bytes) {
    return Arrays.equals(bytes, MAGIC);
  }

  /** Whether what follows the magic number may be a block, as far as it is there. */
  static boolean begins(byte[] head) {
    if (head.length < 8) {
      return true;
    }
    int length = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
    return length > 0 && length <= MOST_PACKED_BYTES;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = block.read(target, offset, length);
    while (read < 0 && next()) {
      read = block.read(target, offset, length);
    }
    left -= Math.max(read, 0);
    if (left < 0) {
      throw new IOException("a block is too long");
    }
    return read;
  }

  private boolean next() throws IOException {
    var bytes = data.readNBytes(4);
    if (bytes.length == 0) {
      return false;
    }
    if (bytes.length < 4) {
      throw new IOException("the length of a block is cut off");
    }
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (length < 0 || length > MOST_PACKED_BYTES) {
      data.unread(bytes);
      return false;
    }
    block = new BlockLZ4CompressorInputStream(new ExactInput(data, length));
    left = BLOCK_BYTES;
    return true;
  }
}
