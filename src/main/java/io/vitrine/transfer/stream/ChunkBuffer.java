package io.vitrine.transfer.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vitrine.net.internals.Buffers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;

/** Gathers buffers into chunks. Large ones are kept without a copy. */
final class ChunkBuffer {
  /** From this size on, keeping a buffer is cheaper than copying it. */
  private static final int KEPT_BYTES = 8 << 10;

  private static final int COPIES_BYTES = 16 << 10;

  private final Deque<ByteBuf> pieces = new ArrayDeque<>();
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

  /** Takes the first bytes out, as one chunk; there must be so many. */
  Buffer take(int length) {
    var taken = new ArrayList<ByteBuf>();
    for (int missing = length; missing > 0; ) {
      var piece = pieces.removeFirst();
      int part = Math.min(missing, piece.readableBytes());
      taken.add(piece.slice(piece.readerIndex(), part));
      if (part < piece.readableBytes()) {
        pieces.addFirst(piece.slice(piece.readerIndex() + part, piece.readableBytes() - part));
      }
      missing -= part;
    }
    size -= length;
    copies = Unpooled.EMPTY_BUFFER; // Part of it may be taken.
    return Buffers.of(Unpooled.wrappedBuffer(taken.toArray(ByteBuf[]::new)));
  }
}
