package io.vitrine.fetch;

import io.vertx.core.Vertx;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.stream.DemandedStream;

/**
 * An incoming stream that ends once: complete, failed or cancelled. Has one timer. Confined to one
 * event loop.
 */
abstract sealed class ResponseBody extends DemandedStream permits FetchedBody, ResumingBody {
  private final Vertx vertx;
  private long timer = -1;
  private boolean ended;

  ResponseBody(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Closes the underlying transfer. */
  abstract void release();

  /** Cancels the transfer; no handler is called afterwards. */
  public final void cancel() {
    if (finish()) {
      release();
    }
  }

  final boolean isEnded() {
    return ended;
  }

  final void end() {
    if (finish()) {
      tellEnd();
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
      tell(new ProblemException(problem));
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
