package io.vitrine.upkeep.scrub;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vitrine.catalog.blobs.ScrubJournal;
import io.vitrine.catalog.blobs.ScrubJournal.Scope;
import io.vitrine.catalog.sql.CatalogFailures;
import io.vitrine.catalog.sql.LeaseConfig;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.location.Verdict;
import io.vitrine.observe.metrics.ScrubMeters;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.blob.BlobStore.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Scrubs the stores of a node, each on a thread of its own: rereads blobs not read for long, and
 * looks for orphans. It only reports.
 */
public final class ScrubVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(ScrubVerticle.class);

  /** How long a store that cannot be read is left alone. */
  private static final Duration PAUSE = Duration.ofMinutes(10);

  private static final int AT_ONCE = 1000;

  private final ScrubJournal journal;
  private final List<BlobStore> stores;
  private final String node;
  private final ScrubConfig config;
  private final LeaseConfig lease;
  private final ScrubMeters meters;
  private final List<WorkerExecutor> threads = new ArrayList<>();
  private boolean isStopping;

  /**
   * The rates and intervals of scrubbing.
   *
   * @param lease how often to check for due work, and to renew leases
   */
  public record Timing(ScrubConfig scrub, LeaseConfig lease) {}

  /** The stores of a node. */
  public record OnNode(String node, List<BlobStore> stores) {
    /** Copies the list. */
    public OnNode {
      stores = List.copyOf(stores);
    }
  }

  /** A scrubber of a node's stores. */
  public ScrubVerticle(ScrubJournal journal, OnNode scrubbed, Timing timing, ScrubMeters meters) {
    this.journal = journal;
    this.stores = scrubbed.stores();
    this.node = scrubbed.node();
    this.config = timing.scrub();
    this.lease = timing.lease();
    this.meters = meters;
  }

  @Override
  public Future<?> start() {
    var limit = new RateLimit(config.rate().bytes());
    for (var store : stores) {
      var thread = vertx.createSharedWorkerExecutor("scrub-" + store.id(), 1);
      threads.add(thread);
      var scrub =
          new StoreScrub(
              new Examiner(store, journal, thread, limit),
              new Scope(store.id(), store.isShared() ? Optional.empty() : Optional.of(node)),
              meters.of(store.id()));
      vertx.setPeriodic(0, lease.gcInterval().toMillis(), tick -> scrub.begin());
    }
    return Future.succeededFuture();
  }

  /** Interrupts reading; the leases expire. */
  @Override
  public Future<?> stop() {
    isStopping = true;
    return Future.join(threads.stream().map(WorkerExecutor::close).toList()).otherwiseEmpty();
  }

  /** The scrubbing of one store. */
  private final class StoreScrub {
    private final Examiner examiner;
    private final Scope scope;
    private final ScrubMeters.OfStore meter;
    private Future<Void> running = Future.succeededFuture();

    StoreScrub(Examiner examiner, Scope scope, ScrubMeters.OfStore meter) {
      this.examiner = examiner;
      this.scope = scope;
      this.meter = meter;
    }

    void begin() {
      if (running.isComplete() && !isStopping) {
        running =
            survey()
                .compose(surveyed -> blobs(AT_ONCE))
                .eventually(this::count)
                .recover(
                    failure -> {
                      log.atLevel(CatalogFailures.level(failure))
                          .addKeyValue("store", scope.store())
                          .addKeyValue("error", failure.toString())
                          .log("The scrub failed");
                      return Future.succeededFuture();
                    });
      }
    }

    private Future<Void> survey() {
      return journal
          .claimSurvey(scope, config.surveyInterval())
          .compose(
              isOurs ->
                  isOurs
                      ? renewing(
                              () -> journal.renewSurvey(scope),
                              () -> examiner.orphans(config.orphanGrace()))
                          .compose(this::report)
                      : Future.succeededFuture());
    }

    private Future<Void> report(List<Entry> orphans) {
      long size = orphans.stream().mapToLong(Entry::sizeBytes).sum();
      meter.orphans(orphans.size(), size);
      if (!orphans.isEmpty()) {
        log.atWarn()
            .addKeyValue("store", scope.store())
            .addKeyValue("blobs", orphans.size())
            .addKeyValue("bytes", size)
            .addKeyValue("first", orphans.getFirst().blob())
            .log("The store has blobs that the catalog does not know; see store gc --dry-run");
      }
      return journal.surveyed(scope, orphans.size(), size);
    }

    /** Processes the due blobs one after the other. */
    private Future<Void> blobs(int most) {
      return isStopping || most == 0
          ? Future.succeededFuture()
          : journal
              .claim(scope, config.interval())
              .compose(
                  due ->
                      due.isPresent()
                          ? Future.succeededFuture(due)
                          : journal.claimBad(scope, config.recheckInterval()))
              .compose(
                  blob ->
                      blob.isPresent()
                          ? look(blob.get()).compose(looked -> blobs(most - 1))
                          : Future.succeededFuture());
    }

    private Future<Void> look(StoredBlob blob) {
      return renewing(() -> journal.renew(blob.blob().id()), () -> examiner.read(blob))
          .compose(verdict -> judge(blob, verdict), failure -> postpone(blob, failure));
    }

    private Future<Void> judge(StoredBlob blob, Verdict verdict) {
      return journal
          .judge(blob.blob().id(), verdict)
          .map(
              isJudged -> {
                meter.looked(verdict.text(), verdict == Verdict.MISSING ? 0 : blob.sizeBytes());
                if (isJudged && verdict != blob.known()) {
                  tell(blob, verdict);
                }
                return null;
              });
    }

    private void tell(StoredBlob blob, Verdict verdict) {
      log.atLevel(verdict == Verdict.OK ? Level.INFO : Level.ERROR)
          .addKeyValue("store", scope.store())
          .addKeyValue("image_id", blob.blob().image())
          .addKeyValue("blob_id", blob.blob().id())
          .addKeyValue("verdict", verdict.text())
          .log("Verified a blob");
    }

    private Future<Void> postpone(StoredBlob blob, Throwable failure) {
      meter.looked("failed", 0);
      return journal
          .postpone(blob.blob().id(), PAUSE)
          .compose(postponed -> Future.failedFuture(failure));
    }

    private Future<Void> count() {
      return journal
          .unsound(scope.store())
          .onSuccess(
              found ->
                  meter.unsound(
                      found.getOrDefault(Verdict.MISSING, 0L),
                      found.getOrDefault(Verdict.DAMAGED, 0L)))
          .mapEmpty();
    }

    private <T> Future<T> renewing(Supplier<Future<Void>> renew, Supplier<Future<T>> work) {
      long timer =
          vertx.setPeriodic(
              lease.ttl().dividedBy(3).toMillis(),
              tick ->
                  renew
                      .get()
                      .onFailure(
                          failure ->
                              log.atLevel(CatalogFailures.level(failure))
                                  .addKeyValue("error", failure.toString())
                                  .log("Cannot renew a lease")));
      return work.get().onComplete(done -> vertx.cancelTimer(timer));
    }
  }
}
