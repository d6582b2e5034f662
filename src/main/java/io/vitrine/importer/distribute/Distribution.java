package io.vitrine.importer.distribute;

import static io.vitrine.image.problem.ProblemException.conflict;
import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vitrine.catalog.tasks.ImportCheckpoints;
import io.vitrine.catalog.tasks.ImportOutcome;
import io.vitrine.image.Digests;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.blob.UncommittedBlob;
import io.vitrine.importer.run.DataMismatch;
import io.vitrine.importer.run.Failure;
import io.vitrine.importer.run.StagedDataLost;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.importer.transform.ImportContent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One image on its way to the stores. Confined to the import verticle's context. */
final class Distribution {
  private static final Logger log = LoggerFactory.getLogger(Distribution.class);

  private final TaskRun<ImportTask> run;
  private final ImportTask task;
  private final ImportContent content;
  private final StoreWriter writer;
  private final ImportCheckpoints checkpoints;
  private final List<StoreFailure> failures = new ArrayList<>();
  private final List<StoreFailure> unavailable = new ArrayList<>();
  private @Nullable Throwable fatal;
  private @Nullable Digests digests;
  private boolean isSomewhere;

  Distribution(
      TaskRun<ImportTask> run,
      ImportContent content,
      StoreWriter writer,
      ImportCheckpoints checkpoints) {
    this.run = run;
    this.task = run.task();
    this.content = content;
    this.writer = writer;
    this.checkpoints = checkpoints;
    var known = task.image().digests();
    this.digests = known == null ? content.digests().orElse(null) : known;
    this.isSomewhere = !task.copies().isEmpty();
  }

  List<StoreFailure> run(int parallel) {
    var waiting = new ArrayDeque<>(task.waiting());
    var lines =
        IntStream.range(0, Math.min(parallel, waiting.size()))
            .mapToObj(index -> line(waiting))
            .toList();
    if (!lines.isEmpty()) {
      Future.join(lines).await();
    }
    if (fatal != null) {
      throw Failure.rethrown(fatal);
    }
    requireSomewhere();
    // The image is active: the stores that are down now will not be retried.
    unavailable.forEach(this::giveUp);
    return List.copyOf(failures);
  }

  private void requireSomewhere() {
    if (isSomewhere) {
      return;
    }
    if (!unavailable.isEmpty()) {
      throw unavailable(unavailable.getFirst().reason());
    }
    throw conflict(
        failures.isEmpty() ? "No store could take the data." : failures.getLast().reason());
  }

  /** Writes to one store after the other, in parallel with other lines. */
  private Future<Void> line(Queue<String> waiting) {
    var done = Promise.<Void>promise();
    Objects.requireNonNull(Vertx.currentContext())
        .runOnContext(
            begin -> {
              try {
                for (var store = waiting.poll();
                    store != null && fatal == null;
                    store = waiting.poll()) {
                  tryStore(store);
                }
              } catch (Throwable failure) {
                abort(failure);
              } finally {
                done.complete();
              }
            });
    return done.future();
  }

  private void tryStore(String store) {
    try {
      store(store);
      run.endStore(store, Optional.empty());
      isSomewhere = true;
    } catch (ProblemException failure) {
      var reason = failure.problem().detail();
      if (fatal == null) {
        run.endStore(store, Optional.of(reason));
      }
      settle(new StoreFailure(store, reason), failure);
    }
  }

  /** The first failure is the reason; the others are its consequences. */
  private void abort(Throwable failure) {
    if (fatal == null) {
      fatal = failure;
      run.interrupt();
    }
  }

  private void store(String store) {
    var blob = writer.write(run, content, store);
    writer.commit(blob, () -> checkpoints.stored(task, outcome(blob)));
  }

  private ImportOutcome outcome(UncommittedBlob blob) {
    var written = blob.written();
    requireSize(written.sizeBytes());
    return new ImportOutcome(
        blob.blob(),
        written.sizeBytes(),
        requireSame(written.digests().orElseThrow()),
        written.virtualSizeBytes(),
        content.declared().diskFormat(),
        content.declared().containerFormat(),
        content.properties());
  }

  /** An image without digests is compared by its size. */
  private void requireSize(long found) {
    var size = task.image().size();
    if (isSomewhere && size != null && size != found && !task.copies().isEmpty()) {
      throw new ProblemException(DataMismatch.wrongSize("The data that was read", found, size));
    }
  }

  /** All stores must receive the same data. */
  private Digests requireSame(Digests found) {
    var staged = content.staged();
    if (staged.isPresent() && !staged.get().agreesWith(found)) {
      throw new StagedDataLost(DataMismatch.wrongDigest("The staged data", found, staged.get()));
    }
    if (digests == null) {
      digests = found;
    } else if (!digests.agreesWith(found)) {
      throw new ProblemException(
          DataMismatch.wrongDigest("The data that was read", found, digests));
    }
    return digests.completedBy(found);
  }

  /** Gives up a failed store, unless a new attempt of the whole task may succeed. */
  private void settle(StoreFailure store, ProblemException failure) {
    boolean isPermanent = Failure.of(failure).kind() == Failure.Kind.PERMANENT;
    boolean isOnlyAway =
        failure.problem() instanceof Problem.Unavailable
            || failure.problem() instanceof Problem.Full;
    if (fatal != null || run.stopped() != null || task.allMustSucceed()) {
      if (isPermanent && fatal == null && run.stopped() == null) {
        giveUp(store);
      }
      throw failure;
    }
    if (isPermanent) {
      giveUp(store);
    } else if (isOnlyAway) {
      unavailable.add(store);
    } else {
      throw failure;
    }
  }

  private void giveUp(StoreFailure failure) {
    log.atInfo()
        .addKeyValue("task_id", task.id())
        .addKeyValue("store", failure.store())
        .addKeyValue("error", failure.reason())
        .log("The store cannot take the image");
    failures.add(failure);
    checkpoints.failed(task, failure.store()).await();
  }
}
