package io.vitrine.importer;

import io.vertx.core.Vertx;
import io.vitrine.catalog.ImportProgress;
import io.vitrine.image.BlobRef;
import io.vitrine.image.ByteRange;
import io.vitrine.image.HashClaim;
import io.vitrine.image.ImportMethod;
import io.vitrine.image.ImportTask;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import io.vitrine.image.SourceImage;
import io.vitrine.stream.BlobSource;
import io.vitrine.stream.StoreClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Imports an image: brings its data to staging, leads it through the plugins, and stores it. */
final class Importing {
  private static final Logger log = LoggerFactory.getLogger(Importing.class);
  private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final Steps steps;
  private final LocationCheck check;
  private final RegionDownload regions;
  private final StoreClient stores;
  private final ImportProgress progress;
  private final Plugins plugins;
  private final ScratchSpace scratch;
  private final Imports.Bounds bounds;

  Importing(
      Vertx vertx,
      Steps steps,
      LocationCheck check,
      RegionDownload regions,
      StoreClient stores,
      ImportProgress progress,
      Plugins plugins,
      ScratchSpace scratch,
      Imports.Bounds bounds) {
    this.vertx = vertx;
    this.steps = steps;
    this.check = check;
    this.regions = regions;
    this.stores = stores;
    this.progress = progress;
    this.plugins = plugins;
    this.scratch = scratch;
    this.bounds = bounds;
  }

  /** Does all of it, to the image being active and in all its stores. */
  void run(Job job) throws IOException {
    var task = job.task();
    if (task.method() instanceof ImportMethod.AtLocation location) {
      check.run(job, location);
    } else if (task.copies().isEmpty() || !task.waiting().isEmpty()) {
      var made = task.copies().isEmpty() ? make(job) : Made.copy(task, () -> readCopy(task));
      var failures = new Distribution(job, steps, progress, bounds.parallelStores()).run(made);
      succeed(job, failures);
      return;
    }
    succeed(job, Map.of());
  }

  private void succeed(Job job, Map<String, String> failures) {
    var task = job.task();
    var stores = task.stores().stream().filter(store -> !failures.containsKey(store)).toList();
    var message = new StringBuilder("Imported to %s.".formatted(String.join(", ", stores)));
    failures.forEach((store, reason) -> message.append(" Not to %s: %s".formatted(store, reason)));
    job.conclude(Optional.empty());
    progress.succeed(task, message.toString()).await();
  }

  private Made make(Job job) throws IOException {
    var task = job.task();
    var staged =
        task.staged().map(blob -> new Staged(blob, task.source())).orElseGet(() -> stage(job));
    var blobs = List.of(staged.blob());
    // What plugins have made of the data is not what the user has sent.
    if (task.plugins().isEmpty()
        && task.method() instanceof ImportMethod.GlanceDirect(var digest)
        && digest.isPresent()) {
      verify(job, read(blobs, Optional.empty()), digest.get());
    }
    var image = regions.apply(staged, task.image());
    var kept =
        Made.kept(
            image,
            () -> read(blobs, Optional.empty()),
            staged.source().flatMap(SourceImage::digests));
    return plugins.run(job, image, kept);
  }

  private void verify(Job job, BlobSource staged, HashClaim claim) throws IOException {
    steps.verify(job, steps.toFile(job, staged, scratch.make(job.task().id())), claim);
  }

  private BlobSource readCopy(ImportTask task) {
    var size = Optional.ofNullable(task.image().size());
    return read(task.copies(), size.map(bytes -> new ByteRange(0, bytes)));
  }

  /** The first of the blobs that can be read. */
  private BlobSource read(List<BlobRef> blobs, Optional<ByteRange> range) {
    var failure =
        new ProblemException(new Problem.Unavailable("The data to import cannot be read now."));
    for (var blob : blobs) {
      try {
        return stores.read(blob, range).await();
      } catch (ProblemException unreadable) {
        failure = unreadable;
      }
    }
    throw failure;
  }

  /** Removes what the job's work left behind; what cannot be removed now goes at the next start. */
  void cleanUp(Job job) {
    try {
      vertx
          .executeBlocking(
              () -> {
                scratch.remove(job.task().id());
                return true;
              })
          .await();
    } catch (RuntimeException failure) {
      log.warn("task={} left files in the scratch directory", job.task().id(), failure);
    }
  }

  private Staged stage(Job job) {
    return switch (job.task().method()) {
      case ImportMethod.GlanceDirect direct ->
          throw new ProblemException(
              new Problem.Conflict("The staged data is no longer there; stage it again."));
      case ImportMethod.CopyImage copy ->
          throw new ProblemException(
              new Problem.Conflict("The image has no data that could be copied."));
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
    try {
      progress.staged(job.task(), stored.blob(), stored.written().sizeBytes(), source).await();
      return new Staged(stored.blob(), source);
    } catch (Exception failure) {
      steps.abandon(stored.blob());
      throw failure;
    }
  }

  private <T> T retried(Job job, Supplier<T> step) {
    for (int attempt = 1; ; attempt++) {
      try {
        return step.get();
      } catch (ProblemException failure) {
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
