package io.vitrine.fetch;

import io.netty.channel.ChannelConfig;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;

/**
 * A body with a deadline for each piece. The clock runs only while the reader waits: one that
 * pauses, because its disk is slow, is not the server's fault.
 *
 * <p>While the reader pauses, nothing is read from the connection: the client gives up what it
 * holds back of an answer when it reads that the server has closed, as servers do after the last
 * byte.
 */
public final class FetchedBody extends Body {
  private final HttpClientResponse response;
  private final ChannelConfig connection;
  private final long readTimeoutMillis;

  FetchedBody(Vertx vertx, HttpClientResponse response, Duration readTimeout) {
    super(vertx);
    this.response = response;
    this.connection = connection(response);
    this.readTimeoutMillis = readTimeout.toMillis();
    response.handler(this::deliver);
    response.exceptionHandler(
        failure -> fail("The connection broke before the transfer was complete."));
    response.endHandler(done -> end());
  }

  /** Pauses an answer that nobody reads yet, and its connection. */
  static HttpClientResponse hold(HttpClientResponse response) {
    connection(response).setAutoRead(false);
    return response.pause();
  }

  private static ChannelConfig connection(HttpClientResponse response) {
    return ((ConnectionBase) response.request().connection()).channel().config();
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
      connection.setAutoRead(false);
    }
  }

  @Override
  void onDemand(long amount) {
    restartClock();
    if (!isEnded()) {
      response.fetch(amount);
      connection.setAutoRead(demand() > 0);
    }
  }

  private void deliver(Buffer piece) {
    give(piece);
    connection.setAutoRead(demand() > 0);
    restartClock();
  }

  private void restartClock() {
    stopClock();
    if (!isEnded() && demand() > 0) {
      startClock(readTimeoutMillis, () -> fail("The server stopped sending."));
    }
  }
}
