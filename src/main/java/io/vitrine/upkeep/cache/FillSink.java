package io.vitrine.upkeep.cache;

import static io.vitrine.image.problem.ProblemException.damaged;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.streams.WriteStream;
import io.vitrine.image.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Writes and hashes the data of a cache entry. Its end fails unless all bytes arrived and match the
 * catalog's digest; afterwards they are durable.
 *
 * <p>Belongs to the context that created it; the digest belongs to the worker threads, one step at
 * a time.
 */
final class FillSink implements WriteStream<Buffer> {
  private static final long WINDOW_BYTES = 1 << 20;

  private final Vertx vertx;
  private final Context context;
  private final Fill fill;
  private final MessageDigest digest;
  private final String expected;
  private final Runnable onChange = this::onFillChange;

  private long pendingBytes;
  private long receivedBytes;
  private @Nullable Handler<Void> drainHandler;
  private @Nullable Handler<Throwable> exceptionHandler;

  /** A sink for a fill that has started. */
  FillSink(Vertx vertx, Fill fill, MessageDigest digest, String expected) {
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
    pendingBytes += length;
    receivedBytes += length;
    if (receivedBytes > fill.sizeBytes()) {
      fill.fail(wrong());
      return Future.failedFuture(wrong());
    }
    // Nobody writes to the buffer any more.
    var pieces = ((BufferInternal) data).getByteBuf().nioBuffers();
    return vertx
        .executeBlocking(() -> append(pieces), true)
        .onSuccess(
            written -> {
              pendingBytes -= length;
              fill.advance(length);
              if (drainHandler != null && !writeQueueFull()) {
                drainHandler.handle(null);
              }
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
      context.runOnContext(
          later -> {
            if (exceptionHandler != null) {
              exceptionHandler.handle(failure);
            }
          });
    }
  }

  private static ProblemException wrong() {
    return damaged("The store returned other data than the image's.");
  }

  @Override
  public boolean writeQueueFull() {
    return pendingBytes >= WINDOW_BYTES;
  }

  @Override
  public FillSink setWriteQueueMaxSize(int maxSize) {
    return this;
  }

  @Override
  public FillSink drainHandler(@Nullable Handler<Void> handler) {
    drainHandler = handler;
    return this;
  }

  @Override
  public FillSink exceptionHandler(@Nullable Handler<Throwable> handler) {
    exceptionHandler = handler;
    return this;
  }
}
