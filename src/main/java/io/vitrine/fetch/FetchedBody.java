package io.vitrine.fetch;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.streams.ReadStream;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A body with a deadline for each piece. The clock runs only while the reader waits: one that
 * pauses, because its disk is slow, is not the server's fault. Used on one event loop.
 */
public final class FetchedBody implements ReadStream<Buffer> {
  private final Vertx vertx;
  private final HttpClientResponse response;
  private final long readTimeoutMillis;
  private @Nullable Handler<Buffer> pieceHandler;
  private @Nullable Handler<Throwable> failureHandler;
  private @Nullable Handler<Void> endHandler;
  private long demand;
  private long timer = -1;
  private boolean ended;
  private @Nullable Throwable unreported;

  FetchedBody(Vertx vertx, HttpClientResponse response, Duration readTimeout) {
    this.vertx = vertx;
    this.response = response;
    this.readTimeoutMillis = readTimeout.toMillis();
    response.handler(this::deliver);
    response.exceptionHandler(
        failure -> fail("The connection broke before the transfer was complete."));
    response.endHandler(done -> end());
  }

  /** Ends the transfer and closes the connection; nothing more is reported. */
  public void cancel() {
    if (finish()) {
      response.request().reset();
    }
  }

  @Override
  public FetchedBody handler(@Nullable Handler<Buffer> handler) {
    pieceHandler = handler;
    return this;
  }

  @Override
  public FetchedBody exceptionHandler(@Nullable Handler<Throwable> handler) {
    failureHandler = handler;
    reportFailure();
    return this;
  }

  @Override
  public FetchedBody endHandler(@Nullable Handler<Void> handler) {
    endHandler = handler;
    return this;
  }

  @Override
  public FetchedBody pause() {
    demand = 0;
    stopClock();
    if (!ended) {
      response.pause();
    }
    return this;
  }

  @Override
  public FetchedBody resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public FetchedBody fetch(long amount) {
    demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
    restartClock();
    if (!ended) {
      response.fetch(amount);
    }
    return this;
  }

  private void deliver(Buffer piece) {
    demand = demand == Long.MAX_VALUE ? demand : demand - 1;
    restartClock();
    if (pieceHandler != null) {
      pieceHandler.handle(piece);
    }
  }

  private void restartClock() {
    stopClock();
    if (!ended && demand > 0) {
      timer = vertx.setTimer(readTimeoutMillis, late -> fail("The server stopped sending."));
    }
  }

  private void stopClock() {
    vertx.cancelTimer(timer);
  }

  private void end() {
    if (finish() && endHandler != null) {
      endHandler.handle(null);
    }
  }

  private void fail(String detail) {
    if (!finish()) {
      return;
    }
    response.request().reset();
    unreported = new ProblemException(new Problem.Unavailable(detail));
    reportFailure();
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
    boolean first = !ended;
    ended = true;
    stopClock();
    return first;
  }
}
