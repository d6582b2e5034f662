package io.vitrine.catalog.tasks;

import io.vertx.core.Future;
import io.vitrine.image.Digests;
import io.vitrine.image.task.LocationTask;
import java.util.Optional;

/**
 * What was learnt about data at external locations. All methods fail as gone if the lease is lost.
 */
public interface LocationResults {
  /**
   * Records the length of the data at the image's location; the image becomes usable.
   *
   * @param size in bytes
   * @param hashAlgorithm by which the data will be hashed; empty: unchanged
   */
  Future<Void> located(LocationTask task, long size, Optional<String> hashAlgorithm);

  /** Records the digests of the data at the image's location. */
  Future<Void> hashed(LocationTask task, Digests digests);
}
