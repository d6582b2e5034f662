package io.vitrine.fetch;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of another server as one stream that outlives its connections: when one breaks, another
 * goes on at the next byte, if the server proves that the file is still the same. It fails when
 * that is not to be had; what has come until then is of no use any more.
 *
 * <p>Used on one event loop.
 */
public final class LastingBody implements ReadStream<Buffer> {
  private static final Logger log = LoggerFactory.getLogger(LastingBody.class);

  private final Vertx vertx;
  private final Source source;
  private final Resumption rules;
  private final Fetched first;
  private FetchedBody current;
  private long receivedBytes;
  private long demand;
  private int resumes;
  private int fruitless;
  private long timer = -1;
  private boolean ended;
  private @Nullable Runnable onDemand;
  private @Nullable Throwable unreported;
  private @Nullable Handler<Buffer> pieceHandler;
  private @Nullable Handler<Throwable> failureHandler;
  private @Nullable Handler<Void> endHandler;

  /** Where the file comes from. */
  @FunctionalInterface
  public interface Source {
    /** Asks for the file, or for the rest of it. */
    Future<Fetched> from(Start start);

    /** Whether the file can never change, so that no proof is needed. */
    default boolean isImmutable() {
      return false;
    }
  }

  private LastingBody(Vertx vertx, Source source, Resumption rules, Fetched first) {
    this.vertx = vertx;
    this.source = source;
    this.rules = rules;
    this.first = first;
    this.current = attach(first.body());
  }

  /** Asks for a file; the first answer is not waited for again when it fails. */
  public static Future<LastingBody> open(Vertx vertx, Source source, Resumption rules) {
    return source
        .from(Start.BEGINNING)
        .map(fetched -> new LastingBody(vertx, source, rules, fetched));
  }

  /** The length of the file; empty when the server is silent about it. */
  public OptionalLong totalBytes() {
    return first.totalBytes();
  }

  /** Ends the transfer; nothing more is reported. */
  public void cancel() {
    if (finish()) {
      current.cancel();
    }
  }

  @Override
  public LastingBody handler(@Nullable Handler<Buffer> handler) {
    pieceHandler = handler;
    return this;
  }

  @Override
  public LastingBody exceptionHandler(@Nullable Handler<Throwable> handler) {
    failureHandler = handler;
    reportFailure();
    return this;
  }

  @Override
  public LastingBody endHandler(@Nullable Handler<Void> handler) {
    endHandler = handler;
    return this;
  }

  @Override
  public LastingBody pause() {
    demand = 0;
    current.pause();
    return this;
  }

  @Override
  public LastingBody resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public LastingBody fetch(long amount) {
    demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
    current.fetch(amount);
    runOnDemand();
    return this;
  }

  private FetchedBody attach(FetchedBody body) {
    body.handler(piece -> deliver(body, piece));
    body.endHandler(end -> onEnd());
    body.exceptionHandler(failure -> onBroken(failure.getMessage()));
    return body;
  }

  private void deliver(FetchedBody body, Buffer piece) {
    // What a broken connection still had in its queue is asked for again.
    if (ended || body != current) {
      return;
    }
    receivedBytes += piece.length();
    fruitless = 0;
    demand = demand == Long.MAX_VALUE ? demand : demand - 1;
    if (receivedBytes > totalBytes().orElse(Long.MAX_VALUE)) {
      current.cancel();
      fail("The server sent more than it had announced.");
    } else if (pieceHandler != null) {
      pieceHandler.handle(piece);
    }
  }

  private void onEnd() {
    if (receivedBytes < totalBytes().orElse(receivedBytes)) {
      onBroken("The server ended the transfer before it was complete.");
    } else {
      end();
    }
  }

  private void onBroken(@Nullable String detail) {
    var reason = detail == null ? "The transfer broke." : detail;
    if (ended) {
      return;
    }
    boolean isProvable = first.validator().isPresent() || source.isImmutable();
    if (!isProvable || !rules.permits(resumes, fruitless)) {
      fail(reason);
      return;
    }
    log.info("A transfer broke at byte {} and goes on: {}", receivedBytes, reason);
    var pause = rules.pauseAfter(fruitless);
    resumes++;
    fruitless++;
    // A connection that nobody reads from would only break again.
    onDemand =
        () ->
            timer =
                vertx.setTimer(
                    pause.toMillis(),
                    later ->
                        source
                            .from(new Start(receivedBytes, first.validator()))
                            .onSuccess(this::goOn)
                            .onFailure(this::onRefused));
    runOnDemand();
  }

  private void runOnDemand() {
    var task = onDemand;
    if (task != null && demand > 0 && !ended) {
      onDemand = null;
      task.run();
    }
  }

  private void goOn(Fetched next) {
    if (ended) {
      next.body().cancel();
    } else if (isSame(next)) {
      current = next.body();
      attach(current);
      if (demand > 0) {
        current.fetch(demand);
      }
    } else {
      next.body().cancel();
      fail("The file on the server has changed while it was fetched.");
    }
  }

  /** Some servers ignore the condition that the request names. */
  private boolean isSame(Fetched next) {
    return (next.validator().isEmpty() || next.validator().equals(first.validator()))
        && (next.totalBytes().isEmpty()
            || totalBytes().isEmpty()
            || next.totalBytes().equals(totalBytes()));
  }

  private void onRefused(Throwable failure) {
    if (ended) {
      return;
    }
    switch (problem(failure)) {
      case Problem.OutOfRange(String detail, long size)
          when size == receivedBytes && totalBytes().isEmpty() ->
          end(); // all but the sign that this was all had come
      case Problem.Unavailable(String detail) -> onBroken(detail);
      case Problem refusal -> fail("The transfer broke and could not go on: " + refusal.detail());
    }
  }

  private static Problem problem(Throwable failure) {
    return failure instanceof ProblemException expected
        ? expected.problem()
        : new Problem.Unavailable("The server cannot be reached.");
  }

  private void end() {
    if (finish() && endHandler != null) {
      endHandler.handle(null);
    }
  }

  /** Whatever it was, to begin anew may help, and says more if it does not. */
  private void fail(String detail) {
    if (finish()) {
      unreported = new ProblemException(new Problem.Unavailable(detail));
      reportFailure();
    }
  }

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
    vertx.cancelTimer(timer);
    return isFirst;
  }
}
