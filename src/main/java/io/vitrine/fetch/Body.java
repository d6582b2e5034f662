package io.vitrine.fetch;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * Data on its way here, which ends once: well, with a failure, or because nobody wants it any more.
 * It counts what its reader has asked for, and has one clock. Used on one event loop.
 */
abstract sealed class Body implements ReadStream<Buffer> permits FetchedBody, LastingBody {
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

  /** Closes what the data comes through. */
  abstract void release();

  /** The reader wants nothing more for now. */
  abstract void onPause();

  /** The reader has asked for so many more pieces. */
  abstract void onDemand(long amount);

  /** Ends the transfer; nothing more is reported. */
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

  /** Hands on a piece that was asked for. */
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

  /** Whatever it was, to begin anew may help, and says more if it does not. */
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

  /** It is all over. */
  void onFinish() {}

  /** Does something after a time, unless it is all over before; there is one such thing at most. */
  final void startClock(long millis, Runnable action) {
    stopClock();
    timer = vertx.setTimer(millis, late -> action.run());
  }

  final void stopClock() {
    vertx.cancelTimer(timer);
  }

  /** A connection may break before anybody listens; the first listener is told then. */
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
