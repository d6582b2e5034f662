package io.vitrine.importer;

import io.vertx.core.Future;
import io.vitrine.catalog.tasks.ImportCheckpoints;
import io.vitrine.catalog.tasks.ImportOutcome;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.SourceImage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Checkpoints in memory. */
public final class FakeCheckpoints implements ImportCheckpoints {
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final List<StoredBlob> staged = new CopyOnWriteArrayList<>();
  private final List<ImportOutcome> outcomes = new CopyOnWriteArrayList<>();
  private volatile @Nullable ProblemException failure;

  @Override
  public Future<Void> staged(ImportTask task, StoredBlob blob, Optional<SourceImage> source) {
    return record("staged", () -> staged.add(blob));
  }

  @Override
  public Future<Void> replaced(ImportTask task, String plugin, StoredBlob output) {
    return record("replaced by " + plugin, () -> staged.add(output));
  }

  @Override
  public Future<Void> stored(ImportTask task, ImportOutcome outcome) {
    return record("stored in " + outcome.blob().store(), () -> outcomes.add(outcome));
  }

  @Override
  public Future<Void> failed(ImportTask task, String store) {
    return record("failed in " + store, () -> {});
  }

  private Future<Void> record(String event, Runnable change) {
    if (failure != null) {
      return Future.failedFuture(failure);
    }
    events.add(event);
    change.run();
    return Future.succeededFuture();
  }

  /** All further checkpoints fail. */
  public void failWith(ProblemException newFailure) {
    failure = newFailure;
  }

  /** What was recorded, in order. */
  public List<String> events() {
    return List.copyOf(events);
  }

  /** The staged data that was recorded. */
  public List<StoredBlob> staged() {
    return List.copyOf(staged);
  }

  /** The stored data that was recorded. */
  public List<ImportOutcome> outcomes() {
    return List.copyOf(outcomes);
  }
}
