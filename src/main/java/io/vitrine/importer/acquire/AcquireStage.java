package io.vitrine.importer.acquire;

import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.SourceImage;
import io.vitrine.importer.run.ImportStage;
import io.vitrine.importer.run.TaskRun;
import java.io.IOException;
import java.util.Optional;

/**
 * Acquires the data of imports: downloads it to staging, unless it is staged or in a store already.
 */
public final class AcquireStage implements ImportStage<ImportTask, Acquired> {
  private final Downloads downloads;
  private final StagedCheckpoint checkpoint;
  private final StagedDigest digest;
  private final ImageCopies copies;

  /** Acquires data by download, or from where it is. */
  public AcquireStage(
      Downloads downloads, StagedCheckpoint checkpoint, StagedDigest digest, ImageCopies copies) {
    this.downloads = downloads;
    this.checkpoint = checkpoint;
    this.digest = digest;
    this.copies = copies;
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
        staged
            .source()
            .map(source -> downloads.describe(source, task.image()))
            .orElse(task.image()),
        staged.blob(),
        staged.source().filter(source -> isOriginal).flatMap(SourceImage::digests));
  }

  private Staging stage(TaskRun<ImportTask> run) {
    var downloaded = downloads.run(run);
    return new Staging(checkpoint.record(run, downloaded), downloaded.source());
  }
}
