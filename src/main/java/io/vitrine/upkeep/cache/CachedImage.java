package io.vitrine.upkeep.cache;

import io.vitrine.image.ImageId;
import java.time.Instant;

/**
 * A cached image.
 *
 * @param hits the number of reads since the process started
 */
public record CachedImage(
    ImageId id, long sizeBytes, long hits, Instant created, Instant accessed) {
  CachedImage hit(Instant now) {
    return new CachedImage(id, sizeBytes, hits + 1, created, now);
  }
}
