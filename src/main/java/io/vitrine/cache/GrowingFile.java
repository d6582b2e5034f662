package io.vitrine.cache;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vitrine.stream.SizedStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads an image while it is being filled, never ahead of it. It is made paused.
 *
 * <p>Belongs to the context that made it.
 */
final class GrowingFile implements SizedStream {
  private static final int READ_BYTES = 256 << 10;

  private final Vertx vertx;
  private final Context context;
  private final Fill fill;
  private final Runnable onChange = this::wake;

  private long position;
  private long demand;
  private boolean isReading;
  private boolean isDone;
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Handler<Throwable> exceptionHandler;

  /** Follows a fill that was joined; it is left at the end. */
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
  public GrowingFile handler(@Nullable Handler<Buffer> newHandler) {
    handler = newHandler;
    return this;
  }

  @Override
  public GrowingFile endHandler(@Nullable Handler<Void> newHandler) {
    endHandler = newHandler;
    return this;
  }

  @Override
  public GrowingFile exceptionHandler(@Nullable Handler<Throwable> newHandler) {
    exceptionHandler = newHandler;
    return this;
  }

  @Override
  public GrowingFile pause() {
    demand = 0;
    return this;
  }

  @Override
  public GrowingFile resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public GrowingFile fetch(long amount) {
    demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
    wake();
    return this;
  }

  private void wake() {
    context.runOnContext(later -> advance());
  }

  private void advance() {
    if (isDone || isReading || demand == 0 || handler == null) {
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
      if (endHandler != null) {
        endHandler.handle(null);
      }
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
      if (demand != Long.MAX_VALUE) {
        demand--;
      }
      if (handler != null) {
        handler.handle(Buffer.buffer(read.result()));
      }
      advance();
    }
  }

  private void fail(Throwable failure) {
    close();
    if (exceptionHandler != null) {
      exceptionHandler.handle(failure);
    }
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
