package io.vitrine.importer.blob;

import io.vertx.core.Vertx;
import io.vertx.core.file.OpenOptions;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.importer.run.DataMismatch;
import io.vitrine.importer.run.StagedDataLost;
import io.vitrine.importer.run.Step;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.transfer.stream.BlobSource;
import io.vitrine.transfer.stream.StoreClient;
import java.nio.file.Path;
import java.util.Optional;

/** Reads staged data. Every method blocks, as those of {@link BlobWrites}. */
public final class StagedBlobs {
  private final Vertx vertx;
  private final StoreClient stores;

  /** Reads staged data of all nodes. */
  public StagedBlobs(Vertx vertx, StoreClient stores) {
    this.vertx = vertx;
    this.stores = stores;
  }

  /**
   * Opens staged data.
   *
   * @throws StagedDataLost if it is gone, or its size differs from the staged size
   */
  public BlobSource open(StoredBlob staged) {
    try {
      var source = stores.read(staged.blob(), Optional.empty()).await();
      if (source.sizeBytes() != staged.sizeBytes()) {
        close(source);
        throw new StagedDataLost(
            DataMismatch.wrongSize("The staged data", source.sizeBytes(), staged.sizeBytes()));
      }
      return source;
    } catch (ProblemException unreadable) {
      if (unreadable.problem() instanceof Problem.NotFound
          || unreadable.problem() instanceof Problem.Missing) {
        throw new StagedDataLost(
            new Problem.Invalid(
                "The staged data is gone: 0 of %d bytes are there. Stage it again."
                    .formatted(staged.sizeBytes())));
      }
      throw unreadable;
    }
  }

  /** Closes a source that nobody will read. */
  public static void close(BlobSource source) {
    if (source instanceof BlobSource.InStream(var stream)) {
      stream.abort();
    }
  }

  /**
   * Returns staged data as a local file; data on another node is copied to the scratch directory.
   */
  public Path toFile(TaskRun<?> run, BlobSource source, Path scratch) {
    return switch (source) {
      case BlobSource.InFile file -> file.path();
      case BlobSource.OnWeb web -> throw new IllegalArgumentException("staged data is ours");
      case BlobSource.InStream(var stream) -> {
        var target = scratch.resolve("source");
        run.begin(Step.Simple.BRINGING_STAGED, stream::abort);
        var file = vertx.fileSystem().open(target.toString(), new OpenOptions()).await();
        try {
          stream.pipe().endOnFailure(false).to(file).await();
        } catch (Throwable failure) {
          stream.abort();
          file.close();
          throw failure;
        }
        yield target;
      }
    };
  }
}
