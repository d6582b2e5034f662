package io.vitrine.importer.acquire;

import io.vitrine.catalog.tasks.ImportCheckpoints;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.blob.BlobWrites;
import io.vitrine.importer.run.TaskRun;

/** The checkpoint that the data of an import is staged, from which other workers can go on. */
public record StagedCheckpoint(BlobWrites writes, ImportCheckpoints checkpoints) {
  /** Records downloaded data; abandons it if that fails. Blocks. */
  StoredBlob record(TaskRun<ImportTask> run, Downloads.Downloaded downloaded) {
    var blob = downloaded.data().toStored();
    return writes.orAbandon(
        downloaded.data().blob(),
        () -> {
          checkpoints.staged(run.task(), blob, downloaded.source()).await();
          return blob;
        });
  }
}
