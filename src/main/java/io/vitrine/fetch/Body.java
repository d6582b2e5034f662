package io.vitrine.fetch;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * An incoming stream that ends once: complete, failed or cancelled. Tracks the reader's demand, and
 * has one timer. Confined to one event loop.
 */
abstract sealed class Body implements ReadStream<Buffer> permits FetchedBody, ResumingBody {
  private final Vertx vertx;
  private @Nullable Handler<Buffer> pieceHandler;
  private @Nullable Handler<Throwable> failureHandler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Throwable unreported;
  private long demand;
  private long timer = -1;
  private boolean ended;

  Body(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Closes the underlying transfer. */
  abstract void release();

  /** The reader has paused. */
  abstract void onPause();

  /** The reader has asked for this many more pieces. */
  abstract void onDemand(long amount);

  /** Cancels the transfer; no handler is called afterwards. */
  public final void cancel() {
    if (finish()) {
      release();
    }
  }

  @Override
  public final Body handler(@Nullable Handler<Buffer> handler) {
    pieceHandler = handler;
    return this;
  }

  @Override
  public final Body exceptionHandler(@Nullable Handler<Throwable> handler) {
    failureHandler = handler;
    reportFailure();
    return this;
  }

  @Override
  public final Body endHandler(@Nullable Handler<Void> handler) {
    endHandler = handler;
    return this;
  }

  @Override
  public final Body pause() {
    demand = 0;
    onPause();
    return this;
  }

  @Override
  public final Body resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public final Body fetch(long amount) {
    demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
    onDemand(amount);
    return this;
  }

  final long demand() {
    return demand;
  }

  final boolean isEnded() {
    return ended;
  }

  /** Delivers a piece that was asked for. */
  final void give(Buffer piece) {
    demand = demand == Long.MAX_VALUE ? demand : demand - 1;
    if (pieceHandler != null) {
      pieceHandler.handle(piece);
    }
  }

  final void end() {
    if (finish() && endHandler != null) {
      endHandler.handle(null);
    }
  }

  /**
   * Fails as unavailable: whatever the cause, a new fetch may succeed, and explains more if it does
   * not.
   */
  final void fail(String detail) {
    fail(new Problem.Unavailable(detail));
  }

  final void fail(Problem problem) {
    if (finish()) {
      release();
      unreported = new ProblemException(problem);
      reportFailure();
    }
  }

  /** Called once, when the stream has ended. */
  void onFinish() {}

  /** Runs the action after a delay unless the stream ends before; replaces an earlier one. */
  final void startClock(long millis, Runnable action) {
    stopClock();
    timer = vertx.setTimer(millis, late -> action.run());
  }

  final void stopClock() {
    vertx.cancelTimer(timer);
  }

  /** A failure before there is a handler is reported to the first handler. */
  private void reportFailure() {
    var failure = unreported;
    if (failure != null && failureHandler != null) {
      unreported = null;
      failureHandler.handle(failure);
    }
  }

  private boolean finish() {
    boolean isFirst = !ended;
    ended = true;
    stopClock();
    if (isFirst) {
      onFinish();
    }
    return isFirst;
  }
}
