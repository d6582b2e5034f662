package io.vitrine.net.uwsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Parses the head of one uwsgi packet incrementally: one byte for the type of packet, 16 bits for
 * the size of the block, one unused byte, and the block of variables, each name and value prefixed
 * by its length in 16 bits. Numbers are little-endian.
 */
final class PacketParser {
  private static final int HEADER_BYTES = 4;

  /** The type of requests; for historical reasons it is called Python's. */
  private static final int REQUEST = 0;

  private final int maxBlockBytes;
  private final ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
  private ByteBuffer block = ByteBuffer.allocate(0);

  /** A parser with a limit on the size of blocks. */
  PacketParser(int maxBlockBytes) {
    this.maxBlockBytes = maxBlockBytes;
  }

  /**
   * Consumes the head of the packet and leaves the body. Returns the variables in order once they
   * are complete.
   */
  Optional<List<Variable>> feed(ByteBuffer data) throws RefusedPacketException {
    if (header.hasRemaining()) {
      move(data, header);
      if (header.get(0) != REQUEST && header.position() > 0) {
        throw RefusedPacketException.malformed(
            "This port accepts only uwsgi requests with modifier 0.");
      }
      if (header.hasRemaining()) {
        return Optional.empty();
      }
      block = ByteBuffer.allocate(blockBytes());
    }
    move(data, block);
    return block.hasRemaining() ? Optional.empty() : Optional.of(variables());
  }

  private int blockBytes() throws RefusedPacketException {
    int size = Byte.toUnsignedInt(header.get(1)) | Byte.toUnsignedInt(header.get(2)) << 8;
    if (size > maxBlockBytes) {
      throw new RefusedPacketException(
          431, "The headers of a request may have at most %d bytes.".formatted(maxBlockBytes));
    }
    return size;
  }

  private List<Variable> variables() throws RefusedPacketException {
    block.flip();
    var variables = new ArrayList<Variable>();
    while (block.hasRemaining()) {
      variables.add(new Variable(text(), text()));
    }
    return variables;
  }

  private String text() throws RefusedPacketException {
    int length = block.remaining() < 2 ? block.remaining() + 1 : unsignedShort();
    if (length > block.remaining()) {
      throw RefusedPacketException.malformed("A variable reaches beyond the end of its packet.");
    }
    var bytes = new byte[length];
    block.get(bytes);
    return new String(bytes, ISO_8859_1);
  }

  private int unsignedShort() {
    return Byte.toUnsignedInt(block.get()) | Byte.toUnsignedInt(block.get()) << 8;
  }

  private static void move(ByteBuffer from, ByteBuffer to) {
    int count = Math.min(from.remaining(), to.remaining());
    to.put(to.position(), from, from.position(), count);
    from.position(from.position() + count);
    to.position(to.position() + count);
  }
}
