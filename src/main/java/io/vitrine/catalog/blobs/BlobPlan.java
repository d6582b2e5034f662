package io.vitrine.catalog.blobs;

import io.vitrine.image.location.BlobRef;
import java.util.Optional;

/**
 * A blob to write, and its store.
 *
 * @param size in bytes, to be reserved; empty if unknown until the end
 */
public record BlobPlan(String store, BlobRef.Purpose purpose, String node, Optional<Long> size) {
  /** Data of an image. */
  public static BlobPlan image(String store, String node, Optional<Long> size) {
    return new BlobPlan(store, BlobRef.Purpose.IMAGE, node, size);
  }

  /** Data staged for an import. */
  public static BlobPlan staging(String node, Optional<Long> size) {
    return new BlobPlan(BlobRef.STAGING_STORE, BlobRef.Purpose.STAGING, node, size);
  }
}
