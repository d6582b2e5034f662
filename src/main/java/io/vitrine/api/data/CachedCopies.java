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

/** The cached copies of images, which must not outlive the images. */
public record CachedCopies(Optional<ImageCache> cache, EventBus bus) {
  private static final Logger log = LoggerFactory.getLogger(CachedCopies.class);

  /** The longest that deleting an image waits for a disk that hangs. */
  private static final int DEADLINE_SECONDS = 5;

  /** Removes all copies of a deleted image; completes when this node's copy is gone. */
  public Future<Void> forget(ImageId id) {
    return remove(id, ImageCache::forget);
  }

  /** Removes all copies of a deactivated image; completes when this node's copy is gone. */
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
              log.atWarn()
                  .addKeyValue("image_id", id)
                  .addKeyValue("error", failure.getMessage())
                  .log("The image stays in the cache for now");
              return Future.succeededFuture();
            });
  }
}
