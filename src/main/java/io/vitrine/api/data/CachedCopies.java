package io.vitrine.api.data;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vitrine.image.ImageId;
import io.vitrine.transfer.bus.Addresses;
import io.vitrine.upkeep.cache.ImageCache;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The copies of images in caches, which must not outlive the images. */
public record CachedCopies(Optional<ImageCache> cache, EventBus bus) {
  private static final Logger log = LoggerFactory.getLogger(CachedCopies.class);

  /** Deleting an image does not wait longer for a disk that hangs. */
  private static final int DEADLINE_SECONDS = 5;

  /** Removes the copies of an image that was deleted; this node's is gone when it is done. */
  public Future<Void> forget(ImageId id) {
    return remove(id, ImageCache::forget);
  }

  /** Removes the copies of an image whose data is withheld; this node's is gone when it is done. */
  public Future<Void> withhold(ImageId id) {
    return remove(id, ImageCache::remove);
  }

  private Future<Void> remove(ImageId id, BiFunction<ImageCache, ImageId, Future<Void>> removal) {
    bus.publish(Addresses.CACHE_FORGET, id.toString());
    return cache
        .map(own -> removal.apply(own, id).timeout(DEADLINE_SECONDS, TimeUnit.SECONDS))
        .orElseGet(Future::succeededFuture)
        .recover(
            failure -> {
              log.warn("image={} stays in the cache for now: {}", id, failure.getMessage());
              return Future.succeededFuture();
            });
  }
}
