package io.vitrine.catalog.blobs;

import io.vertx.core.Future;
import io.vitrine.image.Image;
import io.vitrine.image.location.BlobRef;

/** The journal of blobs, as far as imports write them. */
public interface ImportBlobs {
  /** Begins a blob of an import, which sets the image's status itself. */
  Future<BlobRef> beginForImport(Image image, BlobPlan plan);

  /**
   * Gives up a blob that was not committed. A blob that has been committed or given up meanwhile
   * stays as it is.
   *
   * @return whether the bytes must be kept
   */
  Future<Boolean> abort(BlobRef blob);
}
