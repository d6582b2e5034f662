package io.vitrine.importer;

import static io.vitrine.image.problem.ProblemException.conflict;

import io.vertx.core.Vertx;
import io.vitrine.catalog.tasks.ImportProgress;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.SourceImage;
import io.vitrine.importer.acquire.LocationCheck;
import io.vitrine.importer.acquire.RegionDownload;
import io.vitrine.importer.acquire.Staged;
import io.vitrine.importer.acquire.Steps;
import io.vitrine.importer.job.CountedFailure;
import io.vitrine.importer.job.Failure;
import io.vitrine.importer.job.Job;
import io.vitrine.importer.transform.Made;
import io.vitrine.importer.transform.Plugins;
import io.vitrine.importer.transform.ScratchSpace;
import io.vitrine.transfer.stream.BlobSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one import: stages the data, applies the plugins, and writes to the stores. */
final class Importing {
  private static final Logger log = LoggerFactory.getLogger(Importing.class);
  private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final Steps steps;
  private final LocationCheck check;
  private final RegionDownload regions;
  private final ImportProgress progress;
  private final Plugins plugins;
  private final ScratchSpace scratch;
  private final Imports.Bounds bounds;

  Importing(
      Vertx vertx,
      Steps steps,
      LocationCheck check,
      RegionDownload regions,
      ImportProgress progress,
      Plugins plugins,
      ScratchSpace scratch,
      Imports.Bounds bounds) {
    this.vertx = vertx;
    this.steps = steps;
    this.check = check;
    this.regions = regions;
    this.progress = progress;
    this.plugins = plugins;
    this.scratch = scratch;
    this.bounds = bounds;
  }

  /**
   * Runs the import until the image is active and in all its stores. Returns false if the data has
   * been staged and there is no room here to continue.
   */
  boolean run(Job job, BooleanSupplier goOn) throws Exception {
    var task = job.task();
    if (task.method() instanceof ImportMethod.AtLocation location) {
      check.run(job, location);
    } else if (!task.copies().isEmpty()) {
      if (!task.waiting().isEmpty()) {
        return distribute(job, Made.copy(task, () -> readCopy(task)));
      }
    } else {
      var staged = staged(job);
      if (task.stage() == ImportTask.Stage.FETCH && !goOn.getAsBoolean()) {
        return false;
      }
      return distribute(job, make(job, staged));
    }
    return succeed(job, Map.of());
  }

  private boolean distribute(Job job, Made made) {
    return succeed(job, new Distribution(job, steps, progress, bounds.parallelStores()).run(made));
  }

  private boolean succeed(Job job, Map<String, String> failures) {
    var task = job.task();
    var stores = task.stores().stream().filter(store -> !failures.containsKey(store)).toList();
    var message = new StringBuilder("Imported to %s.".formatted(String.join(", ", stores)));
    failures.forEach((store, reason) -> message.append(" Not to %s: %s".formatted(store, reason)));
    job.conclude(Optional.empty());
    progress.succeed(task, message.toString()).await();
    return true;
  }

  private Staged staged(Job job) {
    var task = job.task();
    return task.staged().map(data -> new Staged(data, task.source())).orElseGet(() -> stage(job));
  }

  private Made make(Job job, Staged staged) throws Exception {
    var task = job.task();
    // // The user's digest is that of the original data, not of what plugins made of it.
    if (task.plugins().isEmpty()
        && task.method() instanceof ImportMethod.GlanceDirect(var digest)
        && digest.isPresent()) {
      verify(job, steps.open(staged.data()), digest.get());
    }
    var image = regions.apply(staged, task.image());
    var digests =
        staged.source().filter(same -> task.plugins().isEmpty()).flatMap(SourceImage::digests);
    var kept = Made.kept(image, () -> steps.open(staged.data()), digests, staged.data());
    return plugins.run(job, image, kept);
  }

  private void verify(Job job, BlobSource staged, HashClaim claim) throws IOException {
    steps.verify(job, steps.toFile(job, staged, scratch.make(job.task().id())), claim);
  }

  private BlobSource readCopy(ImportTask task) {
    var size = task.image().size();
    var wanted = size == null ? OptionalLong.empty() : OptionalLong.of(size);
    var failures = new ArrayList<ProblemException>();
    for (var copy : task.copies()) {
      try {
        return steps.open(copy, wanted);
      } catch (ProblemException unreadable) {
        failures.add(unreadable);
      }
    }
    // // A copy that may become readable is waited for; only if none may, the failure is final.
    throw failures.stream()
        .filter(failure -> Failure.of(failure).kind() != Failure.Kind.VERDICT)
        .findFirst()
        .orElseGet(failures::getLast);
  }

  /**
   * Removes the job's temporary files; those that cannot be removed now are removed at the next
   * start.
   */
  void cleanUp(Job job) {
    try {
      vertx
          .executeBlocking(
              () -> {
                scratch.remove(job.task().id());
                return true;
              })
          .await();
    } catch (Exception failure) {
      log.warn(
          "task={} left files in the scratch directory: {}", job.task().id(), failure.toString());
    }
  }

  private Staged stage(Job job) {
    return switch (job.task().method()) {
      case ImportMethod.GlanceDirect direct ->
          throw conflict("The staged data is no longer there; stage it again.");
      case ImportMethod.CopyImage copy ->
          throw conflict("The image has no data that could be copied.");
      case ImportMethod.AtLocation location ->
          throw new IllegalArgumentException("data that stays where it is is not staged");
      case ImportMethod.WebDownload web ->
          keep(job, retried(job, () -> steps.download(job, web)), Optional.empty());
      case ImportMethod.GlanceDownload method -> {
        var source = retried(job, () -> regions.describe(job, method));
        var stored = retried(job, () -> regions.download(job, method, source));
        yield keep(job, stored, Optional.of(source));
      }
    };
  }

  private Staged keep(Job job, Steps.Stored stored, Optional<SourceImage> source) {
    return steps.orAbandon(
        stored.blob(),
        () -> {
          progress.staged(job.task(), stored.toBlob(), source).await();
          return new Staged(stored.toBlob(), source);
        });
  }

  private <T> T retried(Job job, Supplier<T> step) {
    for (int attempt = 1; ; attempt++) {
      try {
        return step.get();
      } catch (CountedFailure failure) {
        boolean isPassing =
            failure.problem() instanceof Problem.Unavailable && job.stopped() == null;
        if (!isPassing || attempt >= bounds.downloadAttempts()) {
          throw failure;
        }
        vertx.timer(RETRY_PAUSE.multipliedBy(attempt).toMillis(), TimeUnit.MILLISECONDS).await();
      }
    }
  }
}
