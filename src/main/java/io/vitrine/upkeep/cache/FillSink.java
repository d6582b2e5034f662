package io.vitrine.upkeep.cache;

import static io.vitrine.image.problem.ProblemException.damaged;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.internals.Buffers;
import io.vitrine.net.stream.WindowedSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Writes and hashes the data of a cache entry. Its end fails unless all bytes arrived and match the
 * catalog's digest; afterwards they are durable.
 *
 * <p>Belongs to the context that created it; the digest belongs to the worker threads, one step at
 * a time.
 */
final class FillSink extends WindowedSink {
  private static final long WINDOW_BYTES = 1 << 20;

  private final Vertx vertx;
  private final Context context;
  private final Fill fill;
  private final MessageDigest digest;
  private final String expected;
  private final Runnable onChange = this::onFillChange;

  private long receivedBytes;

  /** A sink for a fill that has started. */
  FillSink(Vertx vertx, Fill fill, MessageDigest digest, String expected) {
    super(WINDOW_BYTES);
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.fill = fill;
    this.digest = digest;
    this.expected = expected;
    fill.watch(onChange);
  }

  @Override
  public Future<Void> write(Buffer data) {
    int length = data.length();
    occupy(length);
    receivedBytes += length;
    if (receivedBytes > fill.sizeBytes()) {
      fill.fail(wrong());
      return Future.failedFuture(wrong());
    }
    var pieces = Buffers.parts(data);
    return vertx
        .executeBlocking(() -> append(pieces), true)
        .onSuccess(
            written -> {
              fill.advance(length);
              free(length);
            })
        .onFailure(fill::fail)
        .mapEmpty();
  }

  private boolean append(ByteBuffer[] pieces) throws IOException {
    for (var piece : pieces) {
      digest.update(piece.duplicate());
      while (piece.hasRemaining()) {
        fill.channel().write(piece);
      }
    }
    return true;
  }

  @Override
  public Future<Void> end() {
    fill.unwatch(onChange);
    return vertx.executeBlocking(this::verify, true).mapEmpty();
  }

  private boolean verify() throws IOException {
    var failure = fill.failure();
    if (failure != null) {
      throw new IOException(failure);
    }
    var found = HexFormat.of().formatHex(digest.digest());
    if (fill.channel().size() != fill.sizeBytes() || !found.equals(expected)) {
      throw wrong();
    }
    fill.channel().force(true);
    return true;
  }

  private void onFillChange() {
    var failure = fill.failure();
    if (failure != null) {
      context.runOnContext(later -> tell(failure));
    }
  }

  private static ProblemException wrong() {
    return damaged("The store returned other data than the image's.");
  }
}
