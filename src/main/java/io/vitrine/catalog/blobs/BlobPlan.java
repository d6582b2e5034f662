package io.vitrine.catalog.blobs;

import io.vitrine.image.location.BlobRef;
import java.util.Optional;

/**
 * What is to be written and where.
 *
 * @param size in bytes, which are then reserved; empty if nobody knows before the end
 */
public record BlobPlan(String store, BlobRef.Purpose purpose, String node, Optional<Long> size) {
  /** Data of an image. */
  public static BlobPlan image(String store, String node, Optional<Long> size) {
    return new BlobPlan(store, BlobRef.Purpose.IMAGE, node, size);
  }

  /** Data that waits for its import. */
  public static BlobPlan staging(String node, Optional<Long> size) {
    return new BlobPlan(BlobRef.STAGING_STORE, BlobRef.Purpose.STAGING, node, size);
  }
}
