package io.vitrine.net.stream;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/**
 * A stream that counts its reader's demand; initially paused.
 *
 * <p>Belongs to one context.
 */
public abstract class DemandedStream implements ReadStream<Buffer> {
  private long demand;
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Handler<Throwable> exceptionHandler;
  private @Nullable Throwable untold;

  /** Called on any thread when the reader demands this many more buffers. */
  protected abstract void onDemand(long amount);

  /** Called on any thread when the reader pauses. */
  protected void onPause() {}

  @Override
  public final DemandedStream handler(@Nullable Handler<Buffer> newHandler) {
    handler = newHandler;
    return this;
  }

  @Override
  public final DemandedStream endHandler(@Nullable Handler<Void> newHandler) {
    endHandler = newHandler;
    return this;
  }

  @Override
  public final DemandedStream exceptionHandler(@Nullable Handler<Throwable> newHandler) {
    exceptionHandler = newHandler;
    var failure = untold;
    if (failure != null) {
      tell(failure);
    }
    return this;
  }

  @Override
  public final DemandedStream pause() {
    demand = 0;
    onPause();
    return this;
  }

  @Override
  public final DemandedStream resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public final DemandedStream fetch(long amount) {
    demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
    onDemand(amount);
    return this;
  }

  /** How many buffers the reader waits for. */
  protected final long demand() {
    return demand;
  }

  /** Whether the reader waits for a buffer or the end. */
  protected final boolean isAsked() {
    return demand > 0 && handler != null;
  }

  /** Delivers a buffer that was demanded. */
  protected final void give(Buffer piece) {
    if (demand != Long.MAX_VALUE) {
      demand--;
    }
    if (handler != null) {
      handler.handle(piece);
    }
  }

  /** Delivers the end. */
  protected final void tellEnd() {
    if (endHandler != null) {
      endHandler.handle(null);
    }
  }

  /** Delivers a failure, to the first handler if there is none yet; nothing follows. */
  protected final void tell(Throwable failure) {
    untold = exceptionHandler == null ? failure : null;
    if (exceptionHandler != null) {
      exceptionHandler.handle(failure);
    }
  }
}
