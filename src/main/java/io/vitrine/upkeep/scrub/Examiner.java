package io.vitrine.upkeep.scrub;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vitrine.catalog.blobs.ScrubJournal;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.location.Verdict;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.blob.BlobStore.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** Reads and lists one store, on worker threads. */
public final class Examiner {
  private static final int BATCH = 1000;

  private final BlobStore store;
  private final ScrubJournal journal;
  private final WorkerExecutor threads;
  private final RateLimit limit;

  /** An examiner of a store, reading no faster than the limit. */
  public Examiner(BlobStore store, ScrubJournal journal, WorkerExecutor threads, RateLimit limit) {
    this.store = store;
    this.journal = journal;
    this.threads = threads;
    this.limit = limit;
  }

  /** Checks that a blob is there with the right size; does not record the verdict. */
  public Future<Verdict> glance(StoredBlob blob) {
    return waiting(() -> Reading.glance(store, blob));
  }

  /** Reads a whole blob; does not record the verdict. */
  public Future<Verdict> read(StoredBlob blob) {
    return waiting(() -> Reading.read(store, blob, limit, data -> {}));
  }

  /**
   * Lists what is in the store, committed or not, but unknown to the catalog.
   *
   * @param grace the minimum age
   */
  public Future<List<Entry>> orphans(Duration grace) {
    return waiting(() -> visit(Instant.now().minus(grace))).compose(this::unknown);
  }

  private <T> Future<T> waiting(Callable<T> work) {
    return threads.executeBlocking(work, false).map(Objects::requireNonNull);
  }

  private List<Entry> visit(Instant latest) throws Exception {
    var found = new ArrayList<Entry>();
    store.visit(
        kept -> {
          if (!kept.changedAt().isAfter(latest)) {
            found.add(kept);
          }
        });
    return found;
  }

  private Future<List<Entry>> unknown(List<Entry> found) {
    Future<List<Entry>> all = Future.succeededFuture(new ArrayList<>());
    for (int from = 0; from < found.size(); from += BATCH) {
      var batch = found.subList(from, Math.min(found.size(), from + BATCH));
      var ids = batch.stream().map(Entry::blob).collect(Collectors.toSet());
      all =
          all.compose(
              orphans ->
                  journal
                      .unknown(ids)
                      .map(
                          unknown -> {
                            batch.stream()
                                .filter(kept -> unknown.contains(kept.blob()))
                                .forEach(orphans::add);
                            return orphans;
                          }));
    }
    return all;
  }

  /** The id of the examined store. */
  public String store() {
    return store.id();
  }
}
