package io.vitrine.fetch;

import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vitrine.net.stream.SizedStream;
import org.jspecify.annotations.Nullable;

/**
 * A range of a body: earlier bytes are skipped, and the connection is closed after the last one. A
 * body that ends earlier is a failure. Confined to one event loop.
 */
public final class FetchedPart implements SizedStream {
  private final FetchedBody body;
  private final long sizeBytes;
  private long skipBytes;
  private long leftBytes;
  private @Nullable Handler<Buffer> pieceHandler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Handler<Throwable> failureHandler;

  FetchedPart(FetchedBody body, long skipBytes, long lengthBytes) {
    this.body = body;
    this.skipBytes = skipBytes;
    this.sizeBytes = lengthBytes;
    this.leftBytes = lengthBytes;
    body.handler(this::deliver);
    body.endHandler(end -> endEarly());
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  /** Cancels the transfer and closes the connection; no handler is called afterwards. */
  @Override
  public void abort() {
    body.cancel();
  }

  private void deliver(Buffer piece) {
    int from = (int) Math.min(skipBytes, piece.length());
    int to = (int) Math.min(from + leftBytes, piece.length());
    skipBytes -= from;
    leftBytes -= to - from;
    if (to == from) {
      // The skipped piece met the reader's demand, so ask for another.
      body.fetch(1);
    } else if (pieceHandler != null) {
      pieceHandler.handle(piece.slice(from, to));
    }
    if (leftBytes == 0) {
      body.cancel();
      if (endHandler != null) {
        endHandler.handle(null);
      }
    }
  }

  private void endEarly() {
    if (failureHandler != null) {
      failureHandler.handle(unavailable("The server has fewer bytes than the image."));
    }
  }

  @Override
  public FetchedPart handler(@Nullable Handler<Buffer> handler) {
    pieceHandler = handler;
    return this;
  }

  @Override
  public FetchedPart exceptionHandler(@Nullable Handler<Throwable> handler) {
    failureHandler = handler;
    body.exceptionHandler(handler);
    return this;
  }

  @Override
  public FetchedPart endHandler(@Nullable Handler<Void> handler) {
    endHandler = handler;
    return this;
  }

  @Override
  public FetchedPart pause() {
    body.pause();
    return this;
  }

  @Override
  public FetchedPart resume() {
    body.resume();
    return this;
  }

  @Override
  public FetchedPart fetch(long amount) {
    body.fetch(amount);
    return this;
  }
}
