package io.vitrine.transfer.stream;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vitrine.fetch.FetchedPart;
import org.jspecify.annotations.Nullable;

/** Data sent by a web server. */
record WebStream(FetchedPart part, long sizeBytes) implements SizedStream {
  @Override
  public void abort() {
    part.cancel();
  }

  @Override
  public WebStream handler(@Nullable Handler<Buffer> handler) {
    part.handler(handler);
    return this;
  }

  @Override
  public WebStream exceptionHandler(@Nullable Handler<Throwable> handler) {
    part.exceptionHandler(handler);
    return this;
  }

  @Override
  public WebStream endHandler(@Nullable Handler<Void> handler) {
    part.endHandler(handler);
    return this;
  }

  @Override
  public WebStream pause() {
    part.pause();
    return this;
  }

  @Override
  public WebStream resume() {
    part.resume();
    return this;
  }

  @Override
  public WebStream fetch(long amount) {
    part.fetch(amount);
    return this;
  }
}
