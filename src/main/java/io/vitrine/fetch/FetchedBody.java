package io.vitrine.fetch;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;

/**
 * A body with a deadline for each piece. The clock runs only while the reader waits: one that
 * pauses, because its disk is slow, is not the server's fault.
 */
public final class FetchedBody extends Body {
  private final HttpClientResponse response;
  private final long readTimeoutMillis;

  FetchedBody(Vertx vertx, HttpClientResponse response, Duration readTimeout) {
    super(vertx);
    this.response = response;
    this.readTimeoutMillis = readTimeout.toMillis();
    response.handler(this::deliver);
    response.exceptionHandler(
        failure -> fail("The connection broke before the transfer was complete."));
    response.endHandler(done -> end());
  }

  @Override
  void release() {
    response.request().reset();
  }

  @Override
  void onPause() {
    stopClock();
    if (!isEnded()) {
      response.pause();
    }
  }

  @Override
  void onDemand(long amount) {
    restartClock();
    if (!isEnded()) {
      response.fetch(amount);
    }
  }

  private void deliver(Buffer piece) {
    give(piece);
    restartClock();
  }

  private void restartClock() {
    stopClock();
    if (!isEnded() && demand() > 0) {
      startClock(readTimeoutMillis, () -> fail("The server stopped sending."));
    }
  }
}
