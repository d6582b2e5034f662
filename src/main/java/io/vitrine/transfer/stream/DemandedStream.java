package io.vitrine.transfer.stream;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A stream that counts its reader's demand; initially paused.
 *
 * <p>Belongs to one context.
 */
public abstract class DemandedStream implements SizedStream {
  private long demand;
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Handler<Throwable> exceptionHandler;

  /** Called on any thread when the reader demands more. */
  protected abstract void onDemand();

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
    return this;
  }

  @Override
  public final DemandedStream pause() {
    demand = 0;
    return this;
  }

  @Override
  public final DemandedStream resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public final DemandedStream fetch(long amount) {
    demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
    onDemand();
    return this;
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

  /** Delivers a failure; nothing follows. */
  protected final void tell(Throwable failure) {
    if (exceptionHandler != null) {
      exceptionHandler.handle(failure);
    }
  }
}
