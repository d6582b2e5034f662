package io.vitrine.api.request;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.net.stream.WindowedSink;
import org.jspecify.annotations.Nullable;

/**
 * A response whose write queue is bounded by bytes. Over HTTP/2 Vert.x counts buffers, and would
 * queue sixteen of any size for each stream. Belongs to the request's context.
 */
public final class Outflow extends WindowedSink {
  /** The most bytes that may be queued before the buffer that fills the queue. */
  public static final int MAX_WAITING_BYTES = 128 << 10;

  /**
   * The largest answer that is written at once: a page of images. The kernel takes more than this
   * from each connection before the client has read anything.
   */
  private static final int SMALL_BYTES = 32 << 10;

  private final HttpServerResponse response;
  private final Runnable onProgress;

  /** Over HTTP/1.1, a small answer is in the socket's buffer once it is written. */
  private final boolean isAtOnce;

  /** Over HTTP/2, Vert.x would send the body of an answer to HEAD, which breaks the stream. */
  private final boolean isHeadOnly;

  private Future<Void> lastWrite = Future.succeededFuture();

  private Outflow(RoutingContext context, Runnable onProgress) {
    super(MAX_WAITING_BYTES);
    this.response = context.response();
    this.onProgress = onProgress;
    this.isAtOnce = context.request().version() != HttpVersion.HTTP_2;
    this.isHeadOnly = !isAtOnce && context.request().method().equals(HttpMethod.HEAD);
  }

  /** The response to a request; it is cut if the client stalls. */
  public static Outflow of(RoutingContext context) {
    var response = context.response();
    return RoomGate.hold(context)
        .map(
            hold -> {
              var own = context.vertx().getOrCreateContext();
              hold.begin(() -> own.runOnContext(late -> response.reset()));
              return new Outflow(context, hold::progress);
            })
        .orElseGet(() -> new Outflow(context, () -> {}));
  }

  /** Sends the buffer with back pressure and ends the response. */
  public Future<Void> send(Buffer data) {
    if (isHeadOnly) {
      return response.end();
    }
    return isAtOnce && data.length() <= SMALL_BYTES ? response.end(data) : sendFrom(data, 0);
  }

  private Future<Void> sendFrom(Buffer data, int start) {
    int end = Math.min(data.length(), start + MAX_WAITING_BYTES);
    return write(data.slice(start, end))
        .compose(sent -> end == data.length() ? response.end() : sendFrom(data, end));
  }

  @Override
  public Future<Void> write(Buffer data) {
    occupy(data.length());
    lastWrite =
        response
            .write(data)
            .onSuccess(
                sent -> {
                  onProgress.run();
                  free(data.length());
                });
    return lastWrite;
  }

  /** Ends the response; queued bytes keep their room until they are sent. */
  @Override
  public Future<Void> end() {
    return lastWrite.compose(sent -> response.end());
  }

  @Override
  public Outflow exceptionHandler(@Nullable Handler<Throwable> handler) {
    response.exceptionHandler(handler);
    return this;
  }
}
