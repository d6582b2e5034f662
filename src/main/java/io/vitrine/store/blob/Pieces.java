package io.vitrine.store.blob;

import io.vertx.core.buffer.Buffer;
import io.vitrine.transfer.bus.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Pieces of blobs for other nodes. Nothing stays open between requests, so a lost node costs
 * nothing.
 */
public final class Pieces {
  /** The largest piece, whatever is requested. */
  private static final int MAX_BYTES = 1 << 20;

  private Pieces() {}

  /** The requested piece, cut at the end of the blob; empty if there is no such blob. */
  public static Optional<Message.Piece> read(BlobStore store, Message.PieceRequest request)
      throws IOException {
    var opened = store.open(request.blob());
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (var reader = opened.get()) {
      return Optional.of(read(reader, request));
    }
  }

  private static Message.Piece read(BlobReader reader, Message.PieceRequest request)
      throws IOException {
    long size = reader.sizeBytes();
    long offset = request.range().offset();
    long left = Math.max(0, size - offset);
    long wanted = Math.min(request.range().length(), MAX_BYTES);
    var data = ByteBuffer.allocate((int) Math.min(wanted, left));
    while (data.hasRemaining() && reader.read(data, offset + data.position()) >= 0) {
      // A read may return fewer bytes than are available.
    }
    return new Message.Piece(size, Buffer.buffer(data.array()).getBuffer(0, data.position()));
  }
}
