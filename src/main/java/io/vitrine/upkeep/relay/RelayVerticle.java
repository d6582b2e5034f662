package io.vitrine.upkeep.relay;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vitrine.catalog.events.OutboxQueue;
import io.vitrine.catalog.events.OutboxQueue.Waiting;
import io.vitrine.catalog.sql.CatalogFailures;
import io.vitrine.observe.metrics.RelayMeters;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends notifications from the outbox to a sink, in order. A lease ensures that only one process
 * does so. A failed notification is retried after a pause and holds back all later ones.
 */
public final class RelayVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(RelayVerticle.class);

  private static final Duration LOOK = Duration.ofMillis(500);

  /** How often a process without the lease tries to take it. */
  private static final Duration STAND_BY = Duration.ofSeconds(5);

  private static final Duration SURVEY = Duration.ofSeconds(5);
  private static final long FIRST_PAUSE_MILLIS = 500;
  private static final int MOST_DOUBLINGS = 6;

  /** Consecutive refusals before a notification is dropped; these take some minutes. */
  private static final int MAX_REFUSALS = 10;

  private final OutboxQueue queue;
  private final Sink sink;
  private final RelayMeters meters;
  private final NotificationsConfig config;
  private final Duration lease;
  private Future<Void> running = Future.succeededFuture();
  private long renewAt = System.nanoTime();
  private boolean isOurs;
  private boolean isStopped;
  private int failures;
  private int refusals;

  /** A relay from a queue to its sink. */
  public RelayVerticle(
      OutboxQueue queue, Sink sink, RelayMeters meters, NotificationsConfig config) {
    this.queue = queue;
    this.sink = sink;
    this.meters = meters;
    this.config = config;
    // Renewed after a quarter of its time, the lease still outlasts one delivery.
    lease = sink.deadline().multipliedBy(2).plusSeconds(10);
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(0, SURVEY.toMillis(), tick -> survey());
    again(Duration.ofMillis(1));
    return Future.succeededFuture();
  }

  /** Waits for the batch in progress, then lets another process take over. */
  @Override
  public Future<?> stop() {
    isStopped = true;
    return running
        .transform(ended -> isOurs ? queue.release() : Future.succeededFuture())
        .transform(released -> sink.close());
  }

  private void again(Duration pause) {
    if (!isStopped) {
      vertx.setTimer(pause.toMillis(), tick -> turn());
    }
  }

  private void turn() {
    if (isStopped) {
      return;
    }
    running =
        lease()
            .compose(ours -> ours ? carry() : Future.succeededFuture(STAND_BY))
            .recover(failure -> Future.succeededFuture(pauseAfter(failure)))
            .onSuccess(this::again)
            .mapEmpty();
  }

  private Future<Boolean> lease() {
    long now = System.nanoTime();
    if (isOurs && now - renewAt < 0) {
      return Future.succeededFuture(true);
    }
    isOurs = false;
    return queue
        .lease(lease)
        .onSuccess(
            given -> {
              isOurs = given;
              renewAt = now + lease.toNanos() / 4;
            });
  }

  /** Sends the oldest notifications and returns the pause before the next batch. */
  private Future<Duration> carry() {
    return queue
        .page(sink.batch())
        .compose(
            waiting ->
                waiting.isEmpty()
                    ? Future.succeededFuture(LOOK)
                    : send(waiting).map(Duration.ofMillis(1)));
  }

  private Future<Void> send(List<Waiting> waiting) {
    return sink.send(waiting.stream().map(Waiting::notification).toList())
        .onFailure(failure -> meters.failed())
        .recover(failure -> giveUp(waiting, failure))
        .compose(arrived -> queue.forget(waiting))
        .onSuccess(
            forgotten -> {
              if (failures > 0) {
                log.atInfo()
                    .addKeyValue("target", sink.name())
                    .log("Notifications are delivered again");
              }
              failures = 0;
              refusals = 0;
              meters.sent(waiting.size());
            });
  }

  /** Drops a notification that is refused again and again, so that it does not block the others. */
  private Future<Void> giveUp(List<Waiting> waiting, Throwable failure) {
    if (!(failure instanceof RefusedException) || ++refusals < MAX_REFUSALS) {
      return Future.failedFuture(failure);
    }
    refusals = 0;
    return drop(waiting, failure).compose(dropped -> Future.failedFuture(failure));
  }

  private Future<Void> drop(List<Waiting> waiting, Throwable failure) {
    var first = waiting.subList(0, 1);
    var notification = first.getFirst().notification();
    log.atError()
        .addKeyValue("target", sink.name())
        .addKeyValue("type", notification.type())
        .addKeyValue("subject", notification.subject())
        .addKeyValue("error", failure.getMessage())
        .log("Dropped a notification that its target refuses");
    return queue.forget(first).onSuccess(done -> meters.dropped(1));
  }

  /** Exponential backoff up to half a minute, with a jitter of a quarter. */
  private Duration pauseAfter(Throwable failure) {
    if (failures == 0) {
      log.atWarn()
          .addKeyValue("target", sink.name())
          .addKeyValue("error", failure.toString())
          .log("Cannot deliver notifications for now");
    }
    failures++;
    long pause = FIRST_PAUSE_MILLIS << Math.min(failures - 1, MOST_DOUBLINGS);
    return Duration.ofMillis(pause * 3 / 4 + ThreadLocalRandom.current().nextLong(pause / 2));
  }

  /** Records the queue's length; the process that holds the lease also trims it. */
  private void survey() {
    var trimmed =
        isOurs ? queue.trim(config.maxPending(), config.keepFor()) : Future.succeededFuture(0);
    trimmed
        .onSuccess(this::dropped)
        .compose(any -> queue.backlog())
        .onSuccess(backlog -> meters.backlog(backlog.pending(), backlog.oldestSeconds()))
        .onFailure(
            failure ->
                log.atLevel(CatalogFailures.level(failure))
                    .addKeyValue("target", sink.name())
                    .addKeyValue("error", failure.getMessage())
                    .log("Cannot read the waiting notifications"));
  }

  private void dropped(int count) {
    if (count > 0) {
      log.atError()
          .addKeyValue("count", count)
          .log("Dropped notifications beyond the queue's limit of number or age");
      meters.dropped(count);
    }
  }
}
