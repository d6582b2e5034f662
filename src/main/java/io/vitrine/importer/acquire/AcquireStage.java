package io.vitrine.importer.acquire;

import static io.vitrine.image.problem.ProblemException.conflict;

import io.vertx.core.Future;
import io.vitrine.catalog.tasks.ImportCheckpoints;
import io.vitrine.fetch.ResumingBody;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.SourceImage;
import io.vitrine.importer.blob.BlobWrites;
import io.vitrine.importer.blob.UncommittedBlob;
import io.vitrine.importer.run.ImportStage;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.net.address.Url;
import java.io.IOException;
import java.util.Optional;

/**
 * Acquires the data of imports: downloads it to staging, unless it is staged or in a store already.
 */
public final class AcquireStage implements ImportStage<ImportTask, Acquired> {
  private final WebSource web;
  private final RegionDownload regions;
  private final StagingDownload staging;
  private final DownloadRetry retry;
  private final StagedDigest digest;
  private final ImageCopies copies;
  private final BlobWrites writes;
  private final ImportCheckpoints checkpoints;

  /** Opens what users' URLs name. */
  @FunctionalInterface
  public interface WebSource {
    /** The data at a URL, as one resuming stream. */
    Future<ResumingBody> download(Url url);
  }

  /** Acquires data from these sources. */
  public AcquireStage(
      WebSource web,
      RegionDownload regions,
      StagingDownload staging,
      DownloadRetry retry,
      StagedDigest digest,
      ImageCopies copies,
      BlobWrites writes,
      ImportCheckpoints checkpoints) {
    this.web = web;
    this.regions = regions;
    this.staging = staging;
    this.retry = retry;
    this.digest = digest;
    this.copies = copies;
    this.writes = writes;
    this.checkpoints = checkpoints;
  }

  /** Staged data, and the image of another region that it comes from. */
  private record Staging(StoredBlob blob, Optional<SourceImage> source) {}

  @Override
  public Acquired run(TaskRun<ImportTask> run, ImportTask task) throws IOException {
    if (!task.copies().isEmpty()) {
      return new Acquired.InStore(() -> copies.open(task));
    }
    var staged =
        task.staged().map(blob -> new Staging(blob, task.source())).orElseGet(() -> stage(run));
    // The digest is that of the original data, not of what plugins have made of it.
    boolean isOriginal = task.plugins().isEmpty();
    if (isOriginal
        && task.method() instanceof ImportMethod.GlanceDirect(var claim)
        && claim.isPresent()) {
      digest.require(run, staged.blob(), claim.get());
    }
    return new Acquired.Staged(
        staged.source().map(source -> regions.describe(source, task.image())).orElse(task.image()),
        staged.blob(),
        staged.source().filter(source -> isOriginal).flatMap(SourceImage::digests));
  }

  private Staging stage(TaskRun<ImportTask> run) {
    return switch (run.task().method()) {
      case ImportMethod.GlanceDirect _ ->
          throw conflict("The staged data is no longer there; stage it again.");
      case ImportMethod.CopyImage _ -> throw conflict("The image has no data to copy.");
      case ImportMethod.WebDownload(var url, var claim) ->
          keep(
              run,
              retry.run(
                  run, () -> staging.run(run, () -> web.download(url), claim.stream().toList())),
              Optional.empty());
      case ImportMethod.GlanceDownload method -> {
        var source = retry.run(run, () -> regions.ask(run, method));
        var written = retry.run(run, () -> regions.download(run, method, source));
        yield keep(run, written, Optional.of(source));
      }
    };
  }

  private Staging keep(
      TaskRun<ImportTask> run, UncommittedBlob written, Optional<SourceImage> source) {
    var blob = written.toStored();
    return writes.orAbandon(
        written.blob(),
        () -> {
          checkpoints.staged(run.task(), blob, source).await();
          return new Staging(blob, source);
        });
  }
}
