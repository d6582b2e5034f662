package io.vitrine.upkeep.cache;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vitrine.catalog.images.CacheNodes;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.catalog.sql.CatalogFailures;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.location.Location;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.transfer.bus.Addresses;
import io.vitrine.transfer.stream.LocationReader;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maintains a node's cache: fetches queued images one after the other, and removes what no active
 * image has as its data.
 */
public final class CacheVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(CacheVerticle.class);
  private static final Duration REPORT_PAUSE = Duration.ofSeconds(1);
  private static final Caller SERVICE = new Caller(null, null, Set.of("admin"));

  private final ImageCache cache;
  private final ImageCatalog catalog;
  private final ImageLocations locations;
  private final LocationReader reader;
  private final Duration interval;
  private final Optional<CacheReport> report;
  private final Retries retries = new Retries(Clock.systemUTC());
  private Future<Void> running = Future.succeededFuture();

  /** Where images come from. */
  public record Origin(ImageCatalog catalog, ImageLocations locations, LocationReader reader) {}

  /**
   * A verticle that works at an interval and whenever it is woken.
   *
   * @param nodes the shared index; empty if there is none
   */
  public CacheVerticle(
      ImageCache cache, Origin origin, Duration interval, Optional<CacheNodes> nodes) {
    this.cache = cache;
    this.catalog = origin.catalog();
    this.locations = origin.locations();
    this.reader = origin.reader();
    this.interval = interval;
    this.report = nodes.map(index -> new CacheReport(cache, index));
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(0, interval.toMillis(), tick -> work());
    report.ifPresent(told -> vertx.setPeriodic(0, REPORT_PAUSE.toMillis(), tick -> told.tell()));
    vertx
        .eventBus()
        .<String>localConsumer(
            Addresses.CACHE_WAKE,
            message -> {
              ImageId.parse(message.body()).ifPresent(retries::forget);
              work();
            });
    vertx
        .eventBus()
        .<String>localConsumer(
            Addresses.CACHE_FORGET,
            message -> ImageId.parse(message.body()).ifPresent(this::remove));
    return vertx.eventBus().consumer(Addresses.GARBAGE_WAKE, message -> work()).completion();
  }

  @Override
  public Future<?> stop() {
    return report.map(CacheReport::leave).orElseGet(Future::succeededFuture);
  }

  private void remove(ImageId id) {
    cache
        .dequeue(id)
        .compose(dequeued -> cache.remove(id))
        .onFailure(
            failure ->
                log.atWarn()
                    .addKeyValue("image_id", id)
                    .addKeyValue("error", failure.getMessage())
                    .log("The image stays in the cache"));
  }

  private void work() {
    cache.stopStalled();
    if (running.isComplete()) {
      running =
          removeOutdated()
              .compose(removed -> cache.queued())
              .compose(this::fetchAll)
              .recover(
                  failure -> {
                    log.atLevel(CatalogFailures.level(failure))
                        .addKeyValue("error", failure.getMessage())
                        .log("Cannot maintain the cache");
                    return Future.succeededFuture();
                  });
    }
  }

  private Future<Void> removeOutdated() {
    var keys = cache.images().stream().map(CachedImage::key).toList();
    return keys.isEmpty()
        ? Future.succeededFuture()
        : catalog
            .active(keys.stream().map(CacheKey::id).toList())
            .map(active -> keys.stream().filter(key -> !isCurrent(key, active)).toList())
            .compose(outdated -> each(outdated.stream().map(CacheKey::id).toList(), cache::remove));
  }

  private static boolean isCurrent(CacheKey key, Map<ImageId, String> active) {
    return key.isOf(active.getOrDefault(key.id(), ""));
  }

  /** Fetches each in turn; one that fails keeps its place and does not stop the others. */
  private Future<Void> fetchAll(List<ImageId> queued) {
    retries.retain(queued);
    return each(queued.stream().filter(retries::isDue).toList(), this::fetch);
  }

  /**
   * Fetches an image. If that is impossible now, it stays queued; if it always will be, it is
   * dropped.
   */
  private Future<Void> fetch(ImageId id) {
    return catalog
        .get(id, SERVICE)
        .compose(this::fetch)
        .recover(failure -> missed(id, failure))
        .compose(
            outcome -> {
              if (outcome == FetchOutcome.LATER) {
                retries.postpone(id);
                return Future.succeededFuture();
              }
              retries.forget(id);
              return cache.dequeue(id);
            });
  }

  /** Only a deleted image is impossible for good. */
  private static Future<FetchOutcome> missed(ImageId id, Throwable failure) {
    log.atInfo()
        .addKeyValue("image_id", id)
        .addKeyValue("error", failure.getMessage())
        .log("The image is not in the cache");
    boolean isDeleted =
        failure instanceof ProblemException expected
            && expected.problem() instanceof Problem.NotFound;
    return Future.succeededFuture(isDeleted ? FetchOutcome.NEVER : FetchOutcome.LATER);
  }

  private Future<FetchOutcome> fetch(Image image) {
    if (image.status() != ImageStatus.ACTIVE || image.size() == null) {
      return Future.succeededFuture(FetchOutcome.NEVER);
    }
    long size = image.size();
    var whole = new ByteRange(0, size);
    return locations
        .held(image.id())
        .map(held -> held.sound().stream().map(Location::blob).toList())
        .compose(
            blobs ->
                blobs.isEmpty()
                    ? Future.succeededFuture(FetchOutcome.LATER)
                    : cache.fetch(
                        image,
                        range ->
                            reader.read(
                                blobs, new LocationReader.Part(range.orElse(whole), size))));
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
