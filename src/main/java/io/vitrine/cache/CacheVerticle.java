package io.vitrine.cache;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vitrine.bus.Addresses;
import io.vitrine.catalog.ImageCatalog;
import io.vitrine.catalog.ImageLocations;
import io.vitrine.image.ByteRange;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Location;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import io.vitrine.stream.LocationReader;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after a node's cache: brings the images that are waited for, one after the other, and
 * removes those that were deleted.
 */
public final class CacheVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(CacheVerticle.class);
  private static final Caller SERVICE = new Caller(null, null, Set.of("admin"));

  private final ImageCache cache;
  private final ImageCatalog catalog;
  private final ImageLocations locations;
  private final LocationReader reader;
  private final Duration interval;
  private Future<Void> running = Future.succeededFuture();

  /** A keeper of a cache, at work in an interval and whenever it is woken. */
  public CacheVerticle(
      ImageCache cache,
      ImageCatalog catalog,
      ImageLocations locations,
      LocationReader reader,
      Duration interval) {
    this.cache = cache;
    this.catalog = catalog;
    this.locations = locations;
    this.reader = reader;
    this.interval = interval;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(0, interval.toMillis(), tick -> work());
    vertx.eventBus().localConsumer(Addresses.CACHE_WAKE, message -> work());
    return vertx.eventBus().consumer(Addresses.GARBAGE_WAKE, message -> work()).completion();
  }

  private void work() {
    cache.stopStalled();
    if (running.isComplete()) {
      running =
          removeDeleted()
              .compose(removed -> cache.queued())
              .compose(this::fetchAll)
              .recover(
                  failure -> {
                    log.warn("the cache cannot be looked after now: {}", failure.getMessage());
                    return Future.succeededFuture();
                  });
    }
  }

  private Future<Void> removeDeleted() {
    var ids = cache.images().stream().map(CachedImage::id).toList();
    return ids.isEmpty()
        ? Future.succeededFuture()
        : catalog
            .present(ids)
            .compose(
                present ->
                    each(ids.stream().filter(id -> !present.contains(id)).toList(), cache::remove));
  }

  private Future<Void> fetchAll(List<ImageId> queued) {
    return each(queued, this::fetch);
  }

  /** What cannot be had now stays in the queue; what never can is forgotten. */
  private Future<Void> fetch(ImageId id) {
    return catalog
        .get(id, SERVICE)
        .compose(this::fetch)
        .compose(done -> cache.dequeue(id))
        .recover(
            failure -> {
              log.info("image={} is not in the cache: {}", id, failure.getMessage());
              boolean isFinal =
                  failure instanceof ProblemException expected
                      && !(expected.problem() instanceof Problem.Unavailable);
              return isFinal ? cache.dequeue(id) : Future.succeededFuture();
            });
  }

  private Future<Boolean> fetch(Image image) {
    if (image.status() != ImageStatus.ACTIVE || image.size() == null) {
      return Future.succeededFuture(false);
    }
    var whole = new ByteRange(0, image.size());
    return locations
        .sound(image.id())
        .map(found -> found.stream().map(Location::blob).toList())
        .compose(
            blobs ->
                blobs.isEmpty()
                    ? Future.succeededFuture(false)
                    : cache.fetch(image, range -> reader.read(blobs, range.orElse(whole))));
  }

  private static Future<Void> each(List<ImageId> ids, Step step) {
    Future<Void> all = Future.succeededFuture();
    for (var id : ids) {
      all = all.compose(done -> step.run(id));
    }
    return all;
  }

  private interface Step {
    Future<Void> run(ImageId id);
  }
}
