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
 * Reports this node's cached images to the shared index: soon after a change, and periodically to
 * show that the node is alive. Belongs to one event loop.
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

  /** Reports the current content. */
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
                  .addKeyValue("error", failure.getMessage())
                  .log("Cannot tell other nodes what is cached");
              return null;
            });
  }

  /** Removes the node from the index at once, rather than after its reports expire. */
  Future<Void> leave() {
    return running.compose(done -> nodes.leave()).otherwiseEmpty();
  }
}
