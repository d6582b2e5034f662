package io.vitrine.upkeep.cache;

import io.vitrine.image.ImageId;
import java.time.Instant;

/**
 * An image in the cache.
 *
 * @param hits how often it was read since the start of this process
 */
public record CachedImage(
    ImageId id, long sizeBytes, long hits, Instant created, Instant accessed) {
  CachedImage hit(Instant now) {
    return new CachedImage(id, sizeBytes, hits + 1, created, now);
  }
}
