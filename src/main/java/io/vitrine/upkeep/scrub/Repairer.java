package io.vitrine.upkeep.scrub;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.catalog.blobs.Repairs;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.location.Verdict;
import io.vitrine.store.blob.BlobStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/** Replaces bad bytes from a good copy in another store, which it verifies while reading. */
public final class Repairer {
  private final Map<String, BlobStore> stores;
  private final Repairs repairs;
  private final BlobJournal journal;
  private final WorkerExecutor threads;
  private final String node;

  /** What the catalog knows of damaged blobs and of those that replace them. */
  public record Records(Repairs repairs, BlobJournal journal) {}

  /** A repairer on a node; the stores within reach, by id. */
  public Repairer(
      String node, Map<String, BlobStore> stores, Records records, WorkerExecutor threads) {
    this.node = node;
    this.stores = Map.copyOf(stores);
    this.repairs = records.repairs();
    this.journal = records.journal();
    this.threads = threads;
  }

  /** Repairs a blob with a bad verdict; false if no good copy is within reach. */
  public Future<Boolean> repair(StoredBlob broken) {
    return repairs
        .sources(broken)
        .map(
            found ->
                found.stream().filter(source -> stores.containsKey(source.blob().store())).toList())
        .compose(sources -> repair(broken, sources));
  }

  private Future<Boolean> repair(StoredBlob broken, List<StoredBlob> sources) {
    if (sources.isEmpty()) {
      return Future.succeededFuture(false);
    }
    return repairs
        .begin(broken, node)
        .compose(
            begun ->
                begun.isEmpty()
                    ? Future.succeededFuture(false)
                    : replace(broken, sources.getFirst(), begun.get()))
        .compose(
            isDone ->
                isDone
                    ? Future.succeededFuture(true)
                    : repair(broken, sources.subList(1, sources.size())));
  }

  private Future<Boolean> replace(StoredBlob broken, StoredBlob source, BlobRef target) {
    return threads
        .executeBlocking(() -> copy(source, target), false)
        .map(Objects::requireNonNull)
        .compose(
            isGood ->
                isGood
                    ? repairs.commit(broken, target).map(true)
                    : journal.abort(target).map(false))
        .recover(failure -> journal.abort(target).transform(given -> Future.failedFuture(failure)));
  }

  private boolean copy(StoredBlob source, BlobRef target) throws IOException {
    var from = Objects.requireNonNull(stores.get(source.blob().store()));
    var to = Objects.requireNonNull(stores.get(target.store()));
    var writer = to.begin(target, OptionalLong.of(source.sizeBytes()));
    try {
      var verdict =
          Reading.read(from, source, RateLimit.unlimited(), data -> writer.write(data.duplicate()));
      if (verdict == Verdict.OK) {
        writer.commit();
      } else {
        writer.abort();
      }
      return verdict == Verdict.OK;
    } catch (IOException | RuntimeException failure) {
      writer.abort();
      throw failure;
    }
  }
}
