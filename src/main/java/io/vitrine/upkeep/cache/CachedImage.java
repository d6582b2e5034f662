package io.vitrine.upkeep.cache;

import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import java.time.Instant;
import java.util.Objects;

/**
 * A cached image.
 *
 * @param hits the number of reads since the process started
 */
public record CachedImage(
    CacheKey key, long sizeBytes, long hits, Instant created, Instant accessed) {
  /** The image's id. */
  public ImageId id() {
    return key.id();
  }

  /** Whether this is the data that the image has now. */
  boolean isOf(Image image) {
    return Objects.equals(sizeBytes, image.size()) && key.isOf(image);
  }

  CachedImage hit(Instant now) {
    return new CachedImage(key, sizeBytes, hits + 1, created, now);
  }
}
