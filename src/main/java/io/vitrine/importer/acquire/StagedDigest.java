package io.vitrine.importer.acquire;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vitrine.image.location.HashClaim;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.importer.blob.FileHash;
import io.vitrine.importer.blob.ScratchSpace;
import io.vitrine.importer.blob.StagedBlobs;
import io.vitrine.importer.run.Step;
import io.vitrine.importer.run.StepMeter;
import io.vitrine.importer.run.TaskRun;
import java.io.IOException;
import java.nio.file.Files;
import java.util.OptionalLong;

/** Compares staged data with the digest that the user claims. */
public record StagedDigest(StagedBlobs staged, ScratchSpace scratch) {
  /** Fails unless the staged data has the claimed digest. Blocks. */
  void require(TaskRun<?> run, StoredBlob blob, HashClaim claim) throws IOException {
    var source = staged.open(blob);
    var file = staged.toFile(run, source, scratch.make(run.task().id()));
    long size = Files.size(file);
    var hash = FileHash.start(file, claim.algorithm());
    run.begin(
        StepMeter.of(Step.Simple.VERIFYING, hash::doneBytes, OptionalLong.of(size)), hash::cancel);
    var found = hash.done().await();
    if (!found.equals(claim.value())) {
      throw invalid(claim.mismatch(found));
    }
  }
}
