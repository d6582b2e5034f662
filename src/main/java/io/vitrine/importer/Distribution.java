package io.vitrine.importer;

import io.vitrine.catalog.ImportOutcome;
import io.vitrine.catalog.ImportProgress;
import io.vitrine.image.Digests;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings an image's data to the stores that wait for it, one after the other. */
final class Distribution {
  private static final Logger log = LoggerFactory.getLogger(Distribution.class);

  private final Job job;
  private final Steps steps;
  private final ImportProgress progress;
  private @Nullable Digests digests;
  private boolean isSomewhere;

  Distribution(Job job, Steps steps, ImportProgress progress) {
    this.job = job;
    this.steps = steps;
    this.progress = progress;
    this.digests = job.task().image().digests();
    this.isSomewhere = !job.task().copies().isEmpty();
  }

  /** Fails when a store does that must not, or when no store has the data. */
  void run(Made made) {
    if (digests == null) {
      digests = made.digests().orElse(null);
    }
    var reason = "None of the stores could take the data.";
    for (var store : job.task().waiting()) {
      try {
        store(made, store);
        isSomewhere = true;
      } catch (ProblemException failure) {
        settle(store, failure);
        reason = failure.problem().detail();
      }
    }
    if (!isSomewhere) {
      throw new ProblemException(new Problem.Conflict(reason));
    }
  }

  private void store(Made made, String store) {
    var stored = steps.store(job, made.source().get(), store, made.content());
    try {
      var written = stored.written();
      requireSize(written.sizeBytes());
      var outcome =
          new ImportOutcome(
              stored.blob(),
              written.sizeBytes(),
              requireSame(written.digests().orElseThrow()),
              written.virtualSizeBytes(),
              made.content().diskFormat(),
              made.content().containerFormat(),
              made.properties());
      progress.stored(job.task(), outcome).await();
    } catch (Exception failure) {
      steps.abandon(stored.blob());
      throw failure;
    }
  }

  /** An image may be known by its size alone. */
  private void requireSize(long found) {
    var size = job.task().image().size();
    if (isSomewhere && size != null && size != found && !job.task().copies().isEmpty()) {
      throw new ProblemException(
          new Problem.Invalid("The data that was read does not have the size of the image."));
    }
  }

  /** All copies of an image are the same, or they are not copies. */
  private Digests requireSame(Digests found) {
    if (digests == null) {
      digests = found;
    } else if (!digests.agreesWith(found)) {
      throw new ProblemException(
          new Problem.Invalid("The data that was read does not have the digest of the image."));
    }
    return digests;
  }

  /** Notes that a store has failed, unless another attempt may do better. */
  private void settle(String store, ProblemException failure) {
    boolean isPassing =
        job.stopped() != null
            || switch (failure.problem()) {
              case Problem.Gone gone -> true;
              case Problem.Interrupted interrupted -> true;
              case Problem.Unreachable away -> true;
              case Problem.Unavailable unavailable -> job.task().allMustSucceed();
              default -> false;
            };
    if (isPassing) {
      throw failure;
    }
    log.info("task={} store={} failed: {}", job.task().id(), store, failure.problem().detail());
    progress.failed(job.task(), store).await();
    if (job.task().allMustSucceed()) {
      throw failure;
    }
  }
}
