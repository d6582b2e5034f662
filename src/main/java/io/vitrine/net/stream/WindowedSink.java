package io.vitrine.net.stream;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import org.jspecify.annotations.Nullable;

/**
 * A sink that is full while a window of bytes is unprocessed. The window is its own; writers cannot
 * set it.
 *
 * <p>Belongs to one context.
 */
public abstract class WindowedSink implements WriteStream<Buffer> {
  private long roomBytes;
  private @Nullable Handler<Void> drainHandler;
  private @Nullable Handler<Throwable> exceptionHandler;

  /** A sink with the given window; 0 until {@link #free} adds to it. */
  protected WindowedSink(long windowBytes) {
    roomBytes = windowBytes;
  }

  /** Takes room in the window; it may be exceeded by one buffer. */
  protected final void occupy(long bytes) {
    roomBytes -= bytes;
  }

  /** Gives room back, or adds to the window, and asks the writer to go on. */
  protected final void free(long bytes) {
    roomBytes += bytes;
    if (drainHandler != null && !writeQueueFull()) {
      drainHandler.handle(null);
    }
  }

  /** Tells the writer that it cannot go on. */
  protected final void tell(Throwable failure) {
    if (exceptionHandler != null) {
      exceptionHandler.handle(failure);
    }
  }

  @Override
  public final boolean writeQueueFull() {
    return roomBytes <= 0;
  }

  @Override
  public final WindowedSink setWriteQueueMaxSize(int maxSize) {
    return this;
  }

  @Override
  public final WindowedSink drainHandler(@Nullable Handler<Void> handler) {
    drainHandler = handler;
    return this;
  }

  @Override
  public WindowedSink exceptionHandler(@Nullable Handler<Throwable> handler) {
    exceptionHandler = handler;
    return this;
  }
}
