package io.vitrine.upkeep.cache;

import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.observe.metrics.CacheMeters;
import io.vitrine.transfer.stream.BlobSource;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cache of image data on this node. The first reader of an image starts to fill it; this and
 * all later readers follow, so the store is read once. Callers check permissions beforehand.
 * Thread-safe.
 */
public final class ImageCache implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ImageCache.class);

  /** Each fill holds some megabytes; further images are read from their stores. */
  private static final int MAX_FILLS = 8;

  private static final Duration REFUSAL = Duration.ofMinutes(1);
  private static final Duration MEMORY = Duration.ofMinutes(10);
  private static final Duration TOUCH_PAUSE = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final CacheDirectory directory;
  private final CacheConfig config;
  private final CacheMeters meters;
  private final Clock clock;
  private final Consumer<ImageId> suspicion;
  private final CacheDisk disk;
  private final Filling filling;
  private final LruIndex index;
  private final Map<ImageId, Fill> fills = new HashMap<>();
  private final Map<ImageId, Instant> refused = new HashMap<>();
  private final Map<ImageId, Instant> forgotten = new HashMap<>();

  /** Reads an image from its store. */
  public interface StoreRead {
    /** Reads the whole image, or a range. */
    Future<BlobSource> read(Optional<ByteRange> range);
  }

  /** The number and size of evicted images. */
  public record Pruned(int files, long bytes) {}

  /** The result of an attempt to fetch an image. */
  public enum Outcome {
    /** The image is cached. */
    CACHED,
    /** There is no room now, or too many fills are running. */
    LATER,
    /** The cache does not accept the image. */
    NEVER
  }

  /**
   * Who hears of what happens.
   *
   * @param suspicion receives images whose store returned wrong data
   */
  public record Reports(CacheMeters meters, Consumer<ImageId> suspicion) {}

  private ImageCache(Vertx vertx, CacheConfig config, Reports reports, Clock clock)
      throws IOException {
    this.vertx = vertx;
    this.directory = CacheDirectory.open(config.dir());
    this.config = config;
    this.meters = reports.meters();
    this.clock = clock;
    this.suspicion = reports.suspicion();
    this.disk = new CacheDisk(vertx, directory);
    this.filling = new Filling(vertx, directory);
    this.index = new LruIndex(config.maxSize().bytes());
  }

  /**
   * Opens the cache with its previous content. Blocks.
   *
   * @throws IllegalStateException if another process uses the directory
   */
  public static ImageCache open(Vertx vertx, CacheConfig config, Reports reports, Clock clock)
      throws IOException {
    var cache = new ImageCache(vertx, config, reports, clock);
    cache.directory.load().forEach(cache.index::restore);
    for (var evicted : cache.index.shrinkTo(config.maxSize().bytes())) {
      cache.directory.remove(evicted.id());
    }
    cache.report();
    return cache;
  }

  /** The bytes of an image, from the cache or else from its store. */
  public Future<BlobSource> source(Image image, Optional<ByteRange> range, StoreRead store) {
    var hit = hit(image);
    if (hit.isPresent()) {
      meters.hit();
      var whole = new ByteRange(0, hit.get().sizeBytes());
      return Future.succeededFuture(
          new BlobSource.InFile(directory.file(image.id()), range.orElse(whole), false));
    }
    meters.miss();
    // A range is not worth filling the whole image.
    return range.isPresent() || isRefused(image.id())
        ? store.read(range)
        : join(image, store).map(this::follow).orElseGet(() -> store.read(Optional.empty()));
  }

  /** Fetches an image into the cache, unless it is no longer queued. */
  public Future<Outcome> fetch(Image image, StoreRead store) {
    if (isCached(image.id())) {
      return Future.succeededFuture(Outcome.CACHED);
    }
    return isSuitable(image)
        ? disk.call(() -> directory.isQueued(image.id()))
            .compose(
                isQueued -> isQueued ? bring(image, store) : Future.succeededFuture(Outcome.NEVER))
        : Future.succeededFuture(Outcome.NEVER);
  }

  private Future<Outcome> bring(Image image, StoreRead store) {
    var joined = join(image, store);
    if (joined.isEmpty()) {
      return Future.succeededFuture(Outcome.LATER);
    }
    var fill = joined.get();
    return here(fill.ended())
        .map(ended -> fill.isUnwanted() ? Outcome.LATER : Outcome.CACHED)
        .onComplete(done -> fill.leave());
  }

  private Future<BlobSource> follow(Fill fill) {
    return here(fill.started())
        .<BlobSource>map(started -> new BlobSource.InStream(new GrowingFile(vertx, fill)))
        .onFailure(failure -> fill.leave());
  }

  private <T> Future<T> here(Future<T> elsewhere) {
    var context = vertx.getOrCreateContext();
    var result = Promise.<T>promise();
    elsewhere.onComplete(
        outcome ->
            context.runOnContext(
                later -> {
                  if (outcome.succeeded()) {
                    result.complete(outcome.result());
                  } else {
                    result.fail(outcome.cause());
                  }
                }));
    return result.future();
  }

  private Optional<CachedImage> hit(Image image) {
    var now = clock.instant();
    Optional<CachedImage> before;
    synchronized (this) {
      before =
          index
              .hit(image.id(), now)
              .filter(found -> Objects.equals(found.sizeBytes(), image.size()));
    }
    if (before.isPresent() && before.get().accessed().plus(TOUCH_PAUSE).isBefore(now)) {
      disk.inBackground(() -> directory.touch(image.id(), now));
    }
    return before;
  }

  /** The fill of an image, started if necessary; empty if the cache cannot take the image. */
  private Optional<Fill> join(Image image, StoreRead store) {
    Fill fill;
    List<CachedImage> evicted;
    synchronized (this) {
      var running = fills.get(image.id());
      if (running != null) {
        return running.isUnwanted() ? Optional.empty() : Optional.of(running.join());
      }
      var room = isWelcome(image) ? reserve(image) : Optional.<List<CachedImage>>empty();
      if (room.isEmpty()) {
        return Optional.empty();
      }
      evicted = room.get();
      fill = new Fill(image);
      fills.put(image.id(), fill.join());
    }
    report();
    disk.removeFiles(evicted)
        .compose(removed -> store.read(Optional.empty()))
        .compose(source -> filling.fill(fill, source))
        .compose(filled -> unqueue(fill))
        .onSuccess(unqueued -> succeed(fill))
        .onFailure(failure -> fail(fill, failure))
        .onComplete(done -> fill.leave());
    return Optional.of(fill);
  }

  /** Whether the cache accepts the image at all. */
  private boolean isSuitable(Image image) {
    return image.status() == ImageStatus.ACTIVE
        && image.size() != null
        && image.size() <= config.maxSize().bytes()
        && Filling.canVerify(image.digests());
  }

  private boolean isWelcome(Image image) {
    forgotten.values().removeIf(until -> until.isBefore(clock.instant()));
    return fills.size() < MAX_FILLS && isSuitable(image) && !forgotten.containsKey(image.id());
  }

  /** Whether a recent attempt failed, so that readers should not wait for another. */
  private synchronized boolean isRefused(ImageId id) {
    refused.values().removeIf(until -> until.isBefore(clock.instant()));
    return refused.containsKey(id);
  }

  private Optional<List<CachedImage>> reserve(Image image) {
    return Optional.ofNullable(image.size()).flatMap(size -> index.reserve(image.id(), size));
  }

  private void succeed(Fill fill) {
    synchronized (this) {
      fills.remove(fill.id());
      if (fill.isUnwanted()) {
        index.release(fill.id());
      } else {
        index.commit(fill.id(), clock.instant());
        refused.remove(fill.id());
      }
    }
    report();
    fill.succeed();
  }

  /** Before the image counts as cached, so that nobody sees it cached and queued. */
  private Future<Void> unqueue(Fill fill) {
    return fill.isUnwanted()
        ? Future.succeededFuture()
        : dequeue(fill.id()).recover(failure -> Future.succeededFuture());
  }

  private void fail(Fill fill, Throwable failure) {
    log.atWarn()
        .addKeyValue("image_id", fill.id())
        .addKeyValue("error", failure.getMessage())
        .log("Cannot cache the image");
    synchronized (this) {
      fills.remove(fill.id());
      index.release(fill.id());
      refused.put(fill.id(), clock.instant().plus(REFUSAL));
    }
    meters.failure();
    report();
    fill.fail(failure);
    if (failure instanceof ProblemException known && known.problem() instanceof Problem.Damaged) {
      suspicion.accept(fill.id());
    }
  }

  private void report() {
    synchronized (this) {
      meters.content(index.bytes(), index.entries().size());
    }
  }

  /** The cached images, the next to be evicted first. */
  public synchronized List<CachedImage> images() {
    return index.entries();
  }

  /** The images that are cached or being filled. */
  public synchronized Set<ImageId> held() {
    var held = new HashSet<>(fills.keySet());
    index.entries().forEach(image -> held.add(image.id()));
    return held;
  }

  /** Whether the image is in the cache. */
  public synchronized boolean isCached(ImageId id) {
    return index.contains(id);
  }

  /** The queued images, oldest first. */
  public Future<List<ImageId>> queued() {
    return disk.call(directory::queued);
  }

  /** Queues an image for caching, unless it is cached. */
  public Future<Void> enqueue(ImageId id) {
    return isCached(id) ? Future.succeededFuture() : disk.run(() -> directory.enqueue(id));
  }

  /** Removes an image from the queue. */
  public Future<Void> dequeue(ImageId id) {
    return disk.run(() -> directory.dequeue(id));
  }

  /** Removes an image, even one being filled; its present readers continue. */
  public Future<Void> remove(ImageId id) {
    synchronized (this) {
      index.remove(id);
      Optional.ofNullable(fills.get(id)).ifPresent(Fill::discard);
    }
    report();
    return disk.run(
        () -> {
          directory.abandon(id);
          // A fill that has just finished is not in the index yet.
          directory.remove(id);
        });
  }

  /** Removes a deleted image, and keeps readers that already know it from caching it again. */
  public Future<Void> forget(ImageId id) {
    synchronized (this) {
      forgotten.put(id, clock.instant().plus(MEMORY));
    }
    return dequeue(id).compose(dequeued -> remove(id));
  }

  /** Removes an image whose file is gone or truncated. */
  public void recheck(ImageId id) {
    Optional<CachedImage> found;
    synchronized (this) {
      found = index.find(id);
    }
    found.ifPresent(
        image ->
            disk.call(() -> directory.has(image))
                .compose(isThere -> isThere ? Future.succeededFuture() : remove(id))
                .onFailure(
                    failure ->
                        log.atDebug()
                            .addKeyValue("error", failure.toString())
                            .log("An operation on the cache's files failed")));
  }

  /** Evicts images until the cache is within its limit. */
  public Future<Pruned> prune() {
    List<CachedImage> removed;
    synchronized (this) {
      removed = index.shrinkTo(config.maxSize().bytes());
    }
    report();
    long bytes = removed.stream().mapToLong(CachedImage::sizeBytes).sum();
    return disk.removeFiles(removed).map(new Pruned(removed.size(), bytes));
  }

  /** Aborts fills whose store has been silent for too long. */
  public void stopStalled() {
    List<Fill> stalled;
    synchronized (this) {
      stalled = fills.values().stream().filter(fill -> fill.isStalled(config.stallTime())).toList();
    }
    stalled.forEach(fill -> fill.fail(unavailable("The store does not answer; try again later.")));
  }

  @Override
  public void close() throws IOException {
    directory.close();
  }
}
