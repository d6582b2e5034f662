package io.vitrine.importer;

import static io.vitrine.image.problem.ProblemException.conflict;
import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vitrine.catalog.tasks.ImportOutcome;
import io.vitrine.catalog.tasks.ImportProgress;
import io.vitrine.image.Digests;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.importer.acquire.Steps;
import io.vitrine.importer.job.Damage;
import io.vitrine.importer.job.Failure;
import io.vitrine.importer.job.Job;
import io.vitrine.importer.job.StagingLoss;
import io.vitrine.importer.transform.Made;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes an image's data to the stores that still lack it, several at a time. */
final class Distribution {
  private static final Logger log = LoggerFactory.getLogger(Distribution.class);

  private final Job job;
  private final Steps steps;
  private final ImportProgress progress;
  private final int parallel;
  private final Map<String, String> failures = new LinkedHashMap<>();
  private final Map<String, String> unavailable = new LinkedHashMap<>();
  private @Nullable Throwable fatal;
  private @Nullable Digests digests;
  private boolean isSomewhere;

  /**
   * Distributes a job's image.
   *
   * @param parallel how many stores are written to concurrently
   */
  Distribution(Job job, Steps steps, ImportProgress progress, int parallel) {
    this.job = job;
    this.steps = steps;
    this.progress = progress;
    this.parallel = parallel;
    this.digests = job.task().image().digests();
    this.isSomewhere = !job.task().copies().isEmpty();
  }

  /**
   * Writes to all waiting stores and returns the reasons of those that failed. Fails if a store
   * failed that must not, or if no store has the data.
   */
  Map<String, String> run(Made made) {
    if (digests == null) {
      digests = made.digests().orElse(null);
    }
    var waiting = new ArrayDeque<>(job.task().waiting());
    var lines =
        IntStream.range(0, Math.min(parallel, waiting.size()))
            .mapToObj(index -> line(made, waiting))
            .toList();
    if (!lines.isEmpty()) {
      Future.join(lines).await();
    }
    if (fatal != null) {
      throw Failure.rethrown(fatal);
    }
    requireSomewhere();
    // // The image is active: the stores that are down now will not be retried.
    unavailable.forEach(this::giveUp);
    return failures;
  }

  private void requireSomewhere() {
    if (isSomewhere) {
      return;
    }
    if (!unavailable.isEmpty()) {
      throw unavailable(unavailable.values().iterator().next());
    }
    throw conflict(
        failures.values().stream()
            .reduce("None of the stores could take the data.", (first, last) -> last));
  }

  /** Writes to one store after the other, in parallel with other lines. */
  private Future<Void> line(Made made, Queue<String> waiting) {
    var done = Promise.<Void>promise();
    Objects.requireNonNull(Vertx.currentContext())
        .runOnContext(
            begin -> {
              try {
                for (var store = waiting.poll();
                    store != null && fatal == null;
                    store = waiting.poll()) {
                  tryStore(made, store);
                }
              } catch (Throwable failure) {
                giveUp(failure);
              } finally {
                done.complete();
              }
            });
    return done.future();
  }

  private void tryStore(Made made, String store) {
    try {
      store(made, store);
      job.endStore(store, Optional.empty());
      isSomewhere = true;
    } catch (ProblemException failure) {
      var reason = failure.problem().detail();
      if (fatal == null) {
        job.endStore(store, Optional.of(reason));
      }
      settle(store, failure);
    }
  }

  /** The first failure is the reason; the others are its consequences. */
  private void giveUp(Throwable failure) {
    if (fatal == null) {
      fatal = failure;
      job.interrupt();
    }
  }

  private void store(Made made, String store) {
    var stored = steps.store(job, made.source().get(), store, made.content());
    steps.orAbandon(
        stored.blob(),
        () -> {
          var written = stored.written();
          requireSize(written.sizeBytes());
          var outcome =
              new ImportOutcome(
                  stored.blob(),
                  written.sizeBytes(),
                  requireSame(made, written.digests().orElseThrow()),
                  written.virtualSizeBytes(),
                  made.content().diskFormat(),
                  made.content().containerFormat(),
                  made.properties());
          return progress.stored(job.task(), outcome).await();
        });
  }

  /** An image without digests is compared by its size. */
  private void requireSize(long found) {
    var size = job.task().image().size();
    if (isSomewhere && size != null && size != found && !job.task().copies().isEmpty()) {
      throw new ProblemException(Damage.wrongSize("The data that was read", found, size));
    }
  }

  /** All stores must receive the same data. */
  private Digests requireSame(Made made, Digests found) {
    var staged = made.staged();
    if (staged.isPresent() && !staged.get().agreesWith(found)) {
      throw new StagingLoss(Damage.wrongDigest("The staged data", found, staged.get()));
    }
    if (digests == null) {
      digests = found;
    } else if (!digests.agreesWith(found)) {
      throw new ProblemException(Damage.wrongDigest("The data that was read", found, digests));
    }
    return digests.completedBy(found);
  }

  /** Gives up a failed store, unless a new attempt of the whole task may succeed. */
  private void settle(String store, ProblemException failure) {
    var reason = failure.problem().detail();
    boolean isVerdict = Failure.of(failure).kind() == Failure.Kind.VERDICT;
    boolean isOnlyAway =
        failure.problem() instanceof Problem.Unavailable
            || failure.problem() instanceof Problem.Full;
    if (fatal != null || job.stopped() != null || job.task().allMustSucceed()) {
      if (isVerdict && fatal == null && job.stopped() == null) {
        giveUp(store, reason);
      }
      throw failure;
    }
    if (isVerdict) {
      giveUp(store, reason);
    } else if (isOnlyAway) {
      unavailable.put(store, reason);
    } else {
      throw failure;
    }
  }

  private void giveUp(String store, String reason) {
    log.info("task={} store={} failed: {}", job.task().id(), store, reason);
    failures.put(store, reason);
    progress.failed(job.task(), store).await();
  }
}
