package io.vitrine.fetch;

import io.netty.channel.ChannelConfig;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vitrine.net.internals.Channels;
import java.time.Duration;

/**
 * A body with a read timeout for each piece. The timer runs only while the reader waits: when the
 * reader pauses, the server is not at fault.
 *
 * <p>A paused body also pauses its connection. Otherwise the client would see the server close
 * after the last byte, and drop the data it still buffers.
 */
public final class FetchedBody extends ResponseBody {
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

  /** Pauses a response that has no reader yet, and its connection. */
  static HttpClientResponse hold(HttpClientResponse response) {
    connection(response).setAutoRead(false);
    return response.pause();
  }

  private static ChannelConfig connection(HttpClientResponse response) {
    return Channels.of(response.request().connection()).config();
  }

  @Override
  void release() {
    response.request().reset();
  }

  @Override
  protected void onPause() {
    stopClock();
    if (!isEnded()) {
      response.pause();
      connection.setAutoRead(false);
    }
  }

  @Override
  protected void onDemand(long amount) {
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
