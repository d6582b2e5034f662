package io.vitrine.catalog.tasks;

import io.vertx.core.Future;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.SourceImage;
import java.util.Optional;

/**
 * The checkpoints of imports, at which another worker can take over. All methods fail as gone if
 * the lease is lost.
 */
public interface ImportCheckpoints {
  /**
   * The data is staged and durable. It is within the staging limit and counts for the image's data.
   * The access data of its source is removed.
   *
   * @param source the image of another region that the data comes from
   */
  Future<Void> staged(ImportTask task, StoredBlob staged, Optional<SourceImage> source);

  /**
   * The plugin's output is durable and replaces the staged data, which is given up. It is within
   * the staging limit and counts for the image's data.
   */
  Future<Void> replaced(ImportTask task, String plugin, StoredBlob output);

  /** One store has the final data. If not all stores must succeed, the image becomes active. */
  Future<Void> stored(ImportTask task, ImportOutcome outcome);

  /** One store failed; the others continue. */
  Future<Void> failed(ImportTask task, String store);
}
