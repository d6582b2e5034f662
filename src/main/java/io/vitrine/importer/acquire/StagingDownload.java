package io.vitrine.importer.acquire;

import io.vertx.core.Future;
import io.vitrine.catalog.blobs.BlobPlan;
import io.vitrine.fetch.ResumingBody;
import io.vitrine.image.Image;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.blob.BlobWrites;
import io.vitrine.importer.blob.Download;
import io.vitrine.importer.blob.EarlyWork;
import io.vitrine.importer.blob.UncommittedBlob;
import io.vitrine.importer.run.TaskRun;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Downloads from other servers into staging.
 *
 * @param early begins to work on the data while it arrives
 */
public record StagingDownload(BlobWrites writes, EarlyWork early) {
  /**
   * A remote stream.
   *
   * @param image what the data will belong to, with the formats that it must have
   * @param claims the digests that it must have
   */
  record Remote(Supplier<Future<ResumingBody>> stream, Image image, List<HashClaim> claims) {
    /** Copies the list. */
    Remote {
      claims = List.copyOf(claims);
    }
  }

  /** Downloads a remote stream. Blocks. */
  UncommittedBlob run(TaskRun<ImportTask> run, Remote source) {
    var blob = writes.begin(run, BlobPlan.staging(writes.node(), Optional.empty()));
    return writes.download(
        run,
        new Download.Order(
            source.stream(),
            blob,
            Optional.empty(),
            writes.maxBytes(),
            source.claims(),
            early.begin(run, new EarlyWork.Staging(source.image(), blob, writes))));
  }
}
