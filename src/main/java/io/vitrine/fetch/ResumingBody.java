package io.vitrine.fetch;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A remote file as one stream over successive connections. When a connection breaks, a new one
 * continues at the next byte, provided that the server proves the file unchanged. Otherwise the
 * stream fails, and what it has delivered is useless.
 */
public final class ResumingBody extends ResponseBody {
  private static final Logger log = LoggerFactory.getLogger(ResumingBody.class);

  private final Source source;
  private final Resumption rules;
  private final Fetched first;
  private final Vertx vertx;
  private final RateWatch watch;
  private final long looks;
  private FetchedBody current;
  private long receivedBytes;
  private int resumes;
  private int fruitless;
  private @Nullable Runnable onDemand;

  /** The source of the file. */
  @FunctionalInterface
  public interface Source {
    /** Requests the file, or the rest of it. */
    Future<Fetched> from(ResumePoint start);

    /** Whether the file can never change, so that no validator is needed. */
    default boolean isImmutable() {
      return false;
    }
  }

  private ResumingBody(Vertx vertx, Source source, Resumption rules, Fetched first) {
    super(vertx);
    this.source = source;
    this.rules = rules;
    this.first = first;
    this.vertx = vertx;
    this.watch = new RateWatch(rules.least(), System.nanoTime());
    this.looks = vertx.setPeriodic(watch.intervalMillis(), tick -> look());
    this.current = first.body();
    attach(current);
  }

  /** Opens a stream; a failure of the first request is not retried. */
  public static Future<ResumingBody> open(Vertx vertx, Source source, Resumption rules) {
    return source
        .from(ResumePoint.BEGINNING)
        .map(fetched -> new ResumingBody(vertx, source, rules, fetched));
  }

  /** The length of the file; empty if the server does not announce it. */
  public OptionalLong totalBytes() {
    return first.totalBytes();
  }

  @Override
  void release() {
    current.cancel();
  }

  @Override
  protected void onPause() {
    current.pause();
  }

  @Override
  protected void onDemand(long amount) {
    current.fetch(amount);
    runOnDemand();
  }

  private void attach(FetchedBody body) {
    body.handler(piece -> deliver(body, piece));
    body.endHandler(end -> onEnd());
    body.exceptionHandler(failure -> onBroken(failure.getMessage()));
  }

  private void deliver(FetchedBody body, Buffer piece) {
    // Pieces still queued by a broken connection are requested again by the next one.
    if (isEnded() || body != current) {
      return;
    }
    receivedBytes += piece.length();
    watch.received(piece.length());
    fruitless = 0;
    if (receivedBytes > totalBytes().orElse(Long.MAX_VALUE)) {
      fail("The server sent more data than it announced.");
    } else {
      give(piece);
    }
  }

  @Override
  void onFinish() {
    vertx.cancelTimer(looks);
  }

  /**
   * Fails a slow transfer for good: a retry would be as slow and hold its slot for as long again.
   */
  private void look() {
    watch
        .look(demand() > 0, System.nanoTime())
        .ifPresent(reason -> fail(new Problem.Stalled(reason)));
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
    if (isEnded()) {
      return;
    }
    boolean isProvable = first.validator().isPresent() || source.isImmutable();
    if (!isProvable || !rules.permits(resumes, fruitless)) {
      fail(reason);
      return;
    }
    log.atInfo()
        .addKeyValue("bytes", receivedBytes)
        .addKeyValue("error", reason)
        .log("A transfer broke and resumes");
    var pause = rules.pauseAfter(fruitless);
    resumes++;
    fruitless++;
    // Reconnect only on demand: an idle connection would break again.
    onDemand = () -> startClock(pause.toMillis(), this::askForTheRest);
    runOnDemand();
  }

  private void askForTheRest() {
    source
        .from(new ResumePoint(receivedBytes, first.validator()))
        .onSuccess(this::goOn)
        .onFailure(this::onRefused);
  }

  private void runOnDemand() {
    var task = onDemand;
    if (task != null && demand() > 0 && !isEnded()) {
      onDemand = null;
      task.run();
    }
  }

  private void goOn(Fetched next) {
    if (isEnded()) {
      next.body().cancel();
    } else if (isSame(next)) {
      current = next.body();
      attach(current);
      if (demand() > 0) {
        current.fetch(demand());
      }
    } else {
      next.body().cancel();
      fail("The file on the server changed during the transfer.");
    }
  }

  /** Checks the validator, since some servers ignore the condition of the request. */
  private boolean isSame(Fetched next) {
    return (next.validator().isEmpty() || next.validator().equals(first.validator()))
        && (next.totalBytes().isEmpty()
            || totalBytes().isEmpty()
            || next.totalBytes().equals(totalBytes()));
  }

  private void onRefused(Throwable failure) {
    if (isEnded()) {
      return;
    }
    switch (problem(failure)) {
      case Problem.OutOfRange(String detail, long size)
          when size == receivedBytes && totalBytes().isEmpty() ->
          end(); // everything had arrived but the end marker
      case Problem.Unavailable(String detail) -> onBroken(detail);
      case Problem refusal -> fail("The transfer broke and could not resume: " + refusal.detail());
    }
  }

  private static Problem problem(Throwable failure) {
    return failure instanceof ProblemException expected
        ? expected.problem()
        : new Problem.Unavailable("The server cannot be reached.");
  }
}
