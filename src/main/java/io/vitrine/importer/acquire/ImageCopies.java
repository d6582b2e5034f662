package io.vitrine.importer.acquire;

import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.blob.StagedBlobs;
import io.vitrine.importer.run.DataMismatch;
import io.vitrine.importer.run.Failure;
import io.vitrine.transfer.stream.BlobSource;
import io.vitrine.transfer.stream.StoreClient;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads data that an image already has in its stores. */
public record ImageCopies(StoreClient stores) {
  /** Opens the first readable copy. Blocks. */
  BlobSource open(ImportTask task) {
    var size = task.image().size();
    var wanted = size == null ? OptionalLong.empty() : OptionalLong.of(size);
    var failures = new ArrayList<ProblemException>();
    for (var copy : task.copies()) {
      try {
        return open(copy, wanted);
      } catch (ProblemException unreadable) {
        failures.add(unreadable);
      }
    }
    // A copy that may become readable is waited for; only if none may, the failure is final.
    throw failures.stream()
        .filter(failure -> Failure.of(failure).kind() != Failure.Kind.PERMANENT)
        .findFirst()
        .orElseGet(failures::getLast);
  }

  /** Fails if the copy's size differs from the image's. */
  private BlobSource open(BlobRef copy, OptionalLong sizeBytes) {
    boolean isElsewhere = copy.url().isPresent();
    var range =
        isElsewhere && sizeBytes.isPresent()
            ? Optional.of(new ByteRange(0, sizeBytes.getAsLong()))
            : Optional.<ByteRange>empty();
    var source = stores.read(copy, range).await();
    if (source.sizeBytes() != sizeBytes.orElse(source.sizeBytes())) {
      StagedBlobs.close(source);
      throw new ProblemException(
          DataMismatch.wrongSize(
              "The data in store " + copy.store(), source.sizeBytes(), sizeBytes.getAsLong()));
    }
    return source;
  }
}
