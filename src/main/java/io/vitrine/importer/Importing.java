package io.vitrine.importer;

import io.vertx.core.Vertx;
import io.vitrine.catalog.ImportOutcome;
import io.vitrine.catalog.TaskQueue;
import io.vitrine.image.BlobRef;
import io.vitrine.image.ByteRange;
import io.vitrine.image.Image;
import io.vitrine.image.ImportMethod;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import io.vitrine.stream.BlobSource;
import io.vitrine.stream.StoreClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Imports an image: brings its data to staging, converts it if that is asked for, and stores it.
 */
final class Importing {
  private static final Logger log = LoggerFactory.getLogger(Importing.class);
  private static final Set<String> CONVERTIBLE =
      Set.of("raw", "qcow2", "vmdk", "vdi", "vhd", "vhdx");
  private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final Steps steps;
  private final StoreClient stores;
  private final TaskQueue queue;
  private final QemuImg qemuImg;
  private final ScratchSpace scratch;
  private final Optional<String> outputFormat;
  private final int downloadAttempts;

  Importing(
      Vertx vertx,
      Steps steps,
      StoreClient stores,
      TaskQueue queue,
      QemuImg qemuImg,
      ScratchSpace scratch,
      Optional<String> outputFormat,
      int downloadAttempts) {
    this.vertx = vertx;
    this.steps = steps;
    this.stores = stores;
    this.queue = queue;
    this.qemuImg = qemuImg;
    this.scratch = scratch;
    this.outputFormat = outputFormat;
    this.downloadAttempts = downloadAttempts;
  }

  /** Does all of it, to the image being active. */
  ImportOutcome run(Job job) throws IOException {
    var outcome = make(job);
    try {
      queue.succeed(job.task(), outcome).await();
    } catch (Exception failure) {
      steps.abandon(outcome.blob());
      throw failure;
    }
    return outcome;
  }

  private ImportOutcome make(Job job) throws IOException {
    var staged = job.task().staged().orElseGet(() -> stage(job));
    var source = stores.read(staged, Optional.empty()).await();
    return format(job.task().image())
        .map(format -> convert(job, source, format))
        .orElseGet(() -> keep(job, source));
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

  private BlobRef stage(Job job) {
    return switch (job.task().method()) {
      case ImportMethod.GlanceDirect direct ->
          throw new ProblemException(
              new Problem.Conflict("The staged data is no longer there; stage it again."));
      case ImportMethod.WebDownload(URI uri) -> {
        var stored = download(job, uri);
        try {
          queue.staged(job.task(), stored.blob(), stored.written().sizeBytes()).await();
        } catch (Exception failure) {
          steps.abandon(stored.blob());
          throw failure;
        }
        yield stored.blob();
      }
    };
  }

  private Steps.Stored download(Job job, URI uri) {
    for (int attempt = 1; ; attempt++) {
      try {
        return steps.download(job, uri);
      } catch (ProblemException failure) {
        boolean isPassing =
            failure.problem() instanceof Problem.Unavailable && job.stopped() == null;
        if (!isPassing || attempt >= downloadAttempts) {
          throw failure;
        }
        vertx.timer(RETRY_PAUSE.multipliedBy(attempt).toMillis(), TimeUnit.MILLISECONDS).await();
      }
    }
  }

  /** The format to convert to, unless the image is to be kept as it is. */
  private Optional<String> format(Image image) {
    return outputFormat
        .filter(format -> "bare".equals(image.containerFormat()))
        .filter(format -> !format.equals(image.diskFormat()))
        .filter(format -> CONVERTIBLE.contains(Objects.requireNonNull(image.diskFormat())));
  }

  private ImportOutcome keep(Job job, BlobSource source) {
    var image = job.task().image();
    return outcome(
        steps.store(
            job,
            source,
            Objects.requireNonNull(image.diskFormat()),
            Objects.requireNonNull(image.containerFormat())),
        Objects.requireNonNull(image.diskFormat()),
        Objects.requireNonNull(image.containerFormat()));
  }

  private ImportOutcome convert(Job job, BlobSource source, String format) {
    if (!qemuImg.isAvailable()) {
      throw new ProblemException(
          new Problem.NotOffered(
              "Conversion to %s is not available here: qemu-img is not installed."
                  .formatted(format)));
    }
    try {
      var directory = scratch.make(job.task().id());
      var file = steps.toFile(job, source, directory);
      var converted = steps.convert(job, file, job.task().image(), format, directory);
      var size = Files.size(converted);
      var whole = new BlobSource.InFile(converted, new ByteRange(0, size));
      return outcome(steps.store(job, whole, format, "bare"), format, "bare");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static ImportOutcome outcome(
      Steps.Stored stored, String diskFormat, String containerFormat) {
    var written = stored.written();
    return new ImportOutcome(
        stored.blob(),
        written.sizeBytes(),
        written.digests().orElseThrow(),
        written.virtualSizeBytes(),
        diskFormat,
        containerFormat);
  }
}
