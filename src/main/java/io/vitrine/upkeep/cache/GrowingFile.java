package io.vitrine.upkeep.cache;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vitrine.net.stream.DemandedStream;
import io.vitrine.net.stream.SizedStream;

/** Reads a cache entry while it is being filled. Belongs to the context that created it. */
final class GrowingFile extends DemandedStream implements SizedStream {
  private static final int READ_BYTES = 256 << 10;

  private final Vertx vertx;
  private final Context context;
  private final Fill fill;
  private final Runnable onChange = this::wake;

  private long position;
  private boolean isReading;
  private boolean isDone;

  /** Follows a fill that has been joined, and leaves it at the end. */
  GrowingFile(Vertx vertx, Fill fill) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.fill = fill;
    fill.watch(onChange);
  }

  @Override
  public long sizeBytes() {
    return fill.sizeBytes();
  }

  @Override
  public void abort() {
    context.runOnContext(later -> close());
  }

  @Override
  protected void onDemand(long amount) {
    wake();
  }

  private void wake() {
    context.runOnContext(later -> advance());
  }

  private void advance() {
    if (isDone || isReading || !isAsked()) {
      return;
    }
    var failure = fill.failure();
    long readable = fill.readableBytes() - position;
    if (failure != null) {
      fail(failure);
    } else if (readable > 0) {
      isReading = true;
      long from = position;
      int length = (int) Math.min(readable, READ_BYTES);
      vertx.executeBlocking(() -> fill.read(from, length), false).onComplete(this::onRead);
    } else if (fill.isVerified()) {
      close();
      tellEnd();
    }
  }

  private void onRead(AsyncResult<byte[]> read) {
    isReading = false;
    if (isDone) {
      fill.leave();
    } else if (read.failed()) {
      fail(read.cause());
    } else {
      position += read.result().length;
      give(Buffer.buffer(read.result()));
      advance();
    }
  }

  private void fail(Throwable failure) {
    close();
    tell(failure);
  }

  private void close() {
    if (!isDone) {
      isDone = true;
      fill.unwatch(onChange);
      if (!isReading) {
        fill.leave();
      }
    }
  }
}
