package io.vitrine.upkeep.cache;

import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Future;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cache of image data on this node. The first reader of an image starts to fill it; this and
 * all later readers follow, so the store is read once. Data is served only to readers whose image
 * has its digest. Callers check permissions beforehand. Thread-safe.
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
  private final Recent<CacheKey> refused;
  private final Recent<ImageId> forgotten;

  /** Reads an image from its store. */
  public interface StoreRead {
    /** Reads the whole image, or a range. */
    Future<BlobSource> read(Optional<ByteRange> range);
  }

  /** The number and size of evicted images. */
  public record Pruned(int files, long bytes) {}

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
    this.refused = new Recent<>(clock, REFUSAL);
    this.forgotten = new Recent<>(clock, MEMORY);
  }

  /**
   * Opens the cache with its previous content. Blocks.
   *
   * @throws IllegalStateException if another process uses the directory
   */
  public static ImageCache open(Vertx vertx, CacheConfig config, Reports reports, Clock clock)
      throws IOException {
    var cache = new ImageCache(vertx, config, reports, clock);
    var evicted = new ArrayList<CachedImage>();
    for (var image : cache.directory.load()) {
      cache.index.restore(image).ifPresent(evicted::add);
    }
    evicted.addAll(cache.index.shrinkTo(config.maxSize().bytes()));
    for (var image : evicted) {
      cache.directory.remove(image.key());
    }
    cache.report();
    return cache;
  }

  /** The bytes of an image, from the cache or else from its store. */
  public Future<BlobSource> source(Image image, Optional<ByteRange> range, StoreRead store) {
    dropOthers(image);
    var hit = hit(image);
    if (hit.isPresent()) {
      meters.hit();
      var whole = new ByteRange(0, hit.get().sizeBytes());
      return Future.succeededFuture(
          new BlobSource.InFile(directory.file(hit.get().key()), range.orElse(whole), false));
    }
    meters.miss();
    // A range is not worth filling the whole image.
    return range.isPresent() || isRefused(image)
        ? store.read(range)
        : join(image, store).map(this::follow).orElseGet(() -> store.read(Optional.empty()));
  }

  /** Fetches an image into the cache, unless it is no longer queued. */
  Future<FetchOutcome> fetch(Image image, StoreRead store) {
    dropOthers(image);
    if (isCached(image)) {
      return Future.succeededFuture(FetchOutcome.CACHED);
    }
    return isSuitable(image)
        ? disk.call(() -> directory.isQueued(image.id()))
            .compose(
                isQueued ->
                    isQueued ? bring(image, store) : Future.succeededFuture(FetchOutcome.NEVER))
        : Future.succeededFuture(FetchOutcome.NEVER);
  }

  private Future<FetchOutcome> bring(Image image, StoreRead store) {
    var joined = join(image, store);
    if (joined.isEmpty()) {
      return Future.succeededFuture(FetchOutcome.LATER);
    }
    var fill = joined.get();
    return fill.ended(vertx.getOrCreateContext())
        .map(ended -> fill.isUnwanted() ? FetchOutcome.LATER : FetchOutcome.CACHED)
        .onComplete(done -> fill.leave());
  }

  private Future<BlobSource> follow(Fill fill) {
    return fill.started(vertx.getOrCreateContext())
        .<BlobSource>map(started -> new BlobSource.InStream(new GrowingFile(vertx, fill)))
        .onFailure(failure -> fill.leave());
  }

  /** Drops data, cached or on its way, that the image had and has no longer. */
  private void dropOthers(Image image) {
    Optional<CachedImage> other;
    synchronized (this) {
      other = index.find(image.id()).filter(found -> !found.key().isOf(image));
      other.ifPresent(found -> index.remove(found.id()));
      Optional.ofNullable(fills.get(image.id()))
          .filter(fill -> !fill.key().isOf(image))
          .ifPresent(Fill::discard);
    }
    if (other.isPresent()) {
      disk.inBackground(() -> directory.remove(other.get().key()));
      report();
    }
  }

  private Optional<CachedImage> hit(Image image) {
    var now = clock.instant();
    Optional<CachedImage> before;
    synchronized (this) {
      before = isCached(image) ? index.hit(image.id(), now) : Optional.empty();
    }
    before
        .filter(found -> found.accessed().plus(TOUCH_PAUSE).isBefore(now))
        .ifPresent(found -> disk.inBackground(() -> directory.touch(found.key(), now)));
    return before;
  }

  /** The fill of an image, started if necessary; empty if the cache cannot take the image. */
  private Optional<Fill> join(Image image, StoreRead store) {
    Fill fill;
    List<CachedImage> evicted;
    synchronized (this) {
      var running = fills.get(image.id());
      if (running != null) {
        return running.join(image);
      }
      var room =
          Optional.ofNullable(image.size())
              .filter(size -> isWelcome(image))
              .flatMap(size -> index.reserve(image.id(), size));
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
        && CacheKey.of(image).isPresent();
  }

  private boolean isWelcome(Image image) {
    return fills.size() < MAX_FILLS && isSuitable(image) && !forgotten.contains(image.id());
  }

  /** Whether a recent attempt failed, so that readers should not wait for another. */
  private synchronized boolean isRefused(Image image) {
    return CacheKey.of(image).filter(refused::contains).isPresent();
  }

  private void succeed(Fill fill) {
    synchronized (this) {
      fills.remove(fill.id());
      if (fill.isUnwanted()) {
        index.release(fill.id());
      } else {
        index.commit(fill.key(), clock.instant());
        refused.remove(fill.key());
      }
    }
    if (fill.isUnwanted()) {
      // It may have got its name before it was discarded.
      disk.inBackground(() -> directory.remove(fill.key()));
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
      refused.add(fill.key());
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

  /** Whether some data of the image is in the cache, which it may have no longer. */
  public synchronized boolean isCached(ImageId id) {
    return index.contains(id);
  }

  /** Whether the image's data is in the cache. */
  public synchronized boolean isCached(Image image) {
    return index.find(image.id()).filter(found -> found.isOf(image)).isPresent();
  }

  /** The queued images, oldest first. */
  public Future<List<ImageId>> queued() {
    return disk.call(directory::queued);
  }

  /** Queues an image for caching, unless its data is cached. */
  public Future<Void> enqueue(Image image) {
    dropOthers(image);
    return enqueue(image.id());
  }

  /** Queues an image for caching, unless some data of it is cached. */
  public Future<Void> enqueue(ImageId id) {
    return isCached(id) ? Future.succeededFuture() : disk.run(() -> directory.enqueue(id));
  }

  /** Removes an image from the queue. */
  public Future<Void> dequeue(ImageId id) {
    return disk.run(() -> directory.dequeue(id));
  }

  /** Removes an image, even one being filled; its present readers continue. */
  public Future<Void> remove(ImageId id) {
    var keys = new ArrayList<CacheKey>();
    synchronized (this) {
      index.remove(id).ifPresent(image -> keys.add(image.key()));
      var fill = fills.get(id);
      if (fill != null) {
        fill.discard();
        // It may have finished, and not be in the index yet.
        keys.add(fill.key());
      }
    }
    report();
    return disk.run(
        () -> {
          directory.abandon(id);
          for (var key : keys) {
            directory.remove(key);
          }
        });
  }

  /** Removes a deleted image, and keeps readers that already know it from caching it again. */
  public Future<Void> forget(ImageId id) {
    synchronized (this) {
      forgotten.add(id);
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
            disk.inBackground(
                () -> {
                  if (!directory.has(image)) {
                    remove(id);
                  }
                }));
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
