package io.vitrine.api.request;

import static io.vitrine.image.problem.ProblemException.interrupted;
import static io.vitrine.image.problem.ProblemException.stalled;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.streams.Pipe;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.transfer.stream.BlobSink;
import java.time.Duration;

/**
 * The data that a client sends. It is paused on creation, before anything asynchronous starts; then
 * either all of it goes to a sink, or it is discarded.
 */
public final class RequestBody {
  /**
   * How much of an unwanted body is read so that the client sees the answer; then the connection is
   * closed.
   */
  private static final long MAX_UNWANTED_BYTES = 16L << 20;

  private static final long MAX_UNWANTED_MILLIS = 10_000;

  private final RoutingContext context;
  private final HttpServerRequest request;
  private final Pipe<Buffer> pipe;
  private final Duration timeout;
  private boolean isTaken;
  private boolean isStalled;

  /** Pauses the request's body; {@code timeout} is how long the client may stay silent. */
  public RequestBody(RoutingContext context, Duration timeout) {
    this.context = context;
    this.timeout = timeout;
    this.request = context.request();
    this.pipe = request.pipe().endOnFailure(false);
  }

  /**
   * Sends all data to the sink and ends it; fails as interrupted if the client stops early, and as
   * stalled if it is silent for too long.
   */
  public Future<Void> to(BlobSink sink) {
    isTaken = true;
    if (isWaiting()) {
      request.response().writeContinue();
    }
    var deadline = BodyDeadline.start(context, timeout, sink::writeQueueFull, this::giveUp);
    return sink.take(pipe)
        .onComplete(done -> deadline.stop())
        .recover(failure -> Future.failedFuture(reason(failure)));
  }

  private void giveUp() {
    isStalled = true;
    pipe.close();
  }

  /** Tells failures of the client from those of the store. */
  private Throwable reason(Throwable failure) {
    if (isStalled) {
      return stalled("Timed out waiting for the data.");
    }
    return failure instanceof ProblemException
        ? failure
        : interrupted("The data ended before it was complete.");
  }

  /**
   * Discards the body after the answer, reading no more than the client needs to see the answer. A
   * client that still waits for 100 Continue will send nothing, so its connection is closed.
   */
  public void discard() {
    if (!isTaken) {
      isTaken = true;
      pipe.close();
      if (isWaiting() && request.version() != HttpVersion.HTTP_2) {
        request.connection().close();
        return;
      }
    }
    if (request.isEnded()) {
      return;
    }
    var unwanted = new long[1];
    var timer = context.vertx().setTimer(MAX_UNWANTED_MILLIS, late -> cut());
    request.exceptionHandler(gone -> context.vertx().cancelTimer(timer));
    request.endHandler(end -> context.vertx().cancelTimer(timer));
    request.handler(
        data -> {
          unwanted[0] += data.length();
          if (unwanted[0] > MAX_UNWANTED_BYTES) {
            cut();
          }
        });
    request.resume();
  }

  private boolean isWaiting() {
    return "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
  }

  private void cut() {
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset();
    } else {
      request.connection().close();
    }
  }
}
