package io.vitrine.upkeep.cache;

import io.vertx.core.Future;
import io.vitrine.catalog.images.CacheNodes;
import io.vitrine.catalog.sql.CatalogFailures;
import io.vitrine.image.ImageId;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other nodes what is in this node's cache: soon after it has changed, and now and then,
 * to show that the node is there. Belongs to one event loop.
 */
final class CacheReport {
  private static final Logger log = LoggerFactory.getLogger(CacheReport.class);
  private static final Duration PAUSE = Duration.ofSeconds(20);

  /** Two reports may be lost. */
  private static final Duration VALID_FOR = PAUSE.multipliedBy(3);

  private final ImageCache cache;
  private final CacheNodes nodes;
  private Set<ImageId> told = Set.of();
  private long toldNanos = System.nanoTime() - PAUSE.toNanos();
  private Future<Void> running = Future.succeededFuture();

  CacheReport(ImageCache cache, CacheNodes nodes) {
    this.cache = cache;
    this.nodes = nodes;
  }

  /** Tells what there is to tell. */
  void tell() {
    var images = cache.images().stream().map(CachedImage::id).collect(Collectors.toSet());
    boolean isDue = System.nanoTime() - toldNanos >= PAUSE.toNanos() || !images.equals(told);
    if (isDue && running.isComplete()) {
      running = tell(images);
    }
  }

  private Future<Void> tell(Set<ImageId> images) {
    return nodes
        .tell(images, VALID_FOR)
        .onSuccess(
            done -> {
              told = images;
              toldNanos = System.nanoTime();
            })
        .otherwise(
            failure -> {
              log.atLevel(CatalogFailures.level(failure))
                  .log("other nodes are not told of the cache now: {}", failure.getMessage());
              return null;
            });
  }

  /** The node goes away; others need not wait to find out. */
  Future<Void> leave() {
    return running.compose(done -> nodes.leave()).otherwiseEmpty();
  }
}
