package io.vitrine.importer.acquire;

import io.vertx.core.Future;
import io.vitrine.catalog.blobs.BlobPlan;
import io.vitrine.fetch.ResumingBody;
import io.vitrine.image.location.HashClaim;
import io.vitrine.importer.blob.BlobWrites;
import io.vitrine.importer.blob.Download;
import io.vitrine.importer.blob.UncommittedBlob;
import io.vitrine.importer.run.TaskRun;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Downloads from other servers into staging. */
public record StagingDownload(BlobWrites writes) {
  /** Downloads a remote stream, which must have the claimed digests. Blocks. */
  UncommittedBlob run(
      TaskRun<?> run, Supplier<Future<ResumingBody>> source, List<HashClaim> claims) {
    var blob = writes.begin(run, BlobPlan.staging(writes.node(), Optional.empty()));
    return writes.download(
        run, new Download.Order(source, blob, Optional.empty(), writes.maxBytes(), claims));
  }
}
