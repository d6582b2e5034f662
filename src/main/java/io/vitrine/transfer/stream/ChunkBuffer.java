package io.vitrine.transfer.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vitrine.net.internals.Buffers;
import java.util.ArrayList;
import java.util.List;

/** Gathers buffers into one chunk. Large ones are kept without a copy. */
final class ChunkBuffer {
  /** From this size on, keeping a buffer is cheaper than copying it. */
  private static final int KEPT_BYTES = 8 << 10;

  private static final int COPIES_BYTES = 16 << 10;

  private final List<ByteBuf> pieces = new ArrayList<>();
  private ByteBuf copies = Unpooled.EMPTY_BUFFER;
  private int size;

  int size() {
    return size;
  }

  void add(Buffer piece) {
    size += piece.length();
    var bytes = Buffers.bytes(piece);
    if (piece.length() >= KEPT_BYTES) {
      pieces.add(bytes);
      copies = Unpooled.EMPTY_BUFFER;
      return;
    }
    if (!copies.isWritable(piece.length())) {
      copies = Unpooled.buffer(COPIES_BYTES, COPIES_BYTES);
      pieces.add(copies);
    }
    copies.writeBytes(bytes);
  }

  /** All buffers in order; nothing may be added afterwards. */
  Buffer toChunk() {
    return Buffers.of(Unpooled.wrappedBuffer(pieces.toArray(ByteBuf[]::new)));
  }
}
