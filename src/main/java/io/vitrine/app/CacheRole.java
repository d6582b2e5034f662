package io.vitrine.app;

import static io.vitrine.app.lifecycle.Lifecycle.await;

import io.vertx.sqlclient.Pool;
import io.vitrine.app.lifecycle.Lifecycle;
import io.vitrine.catalog.blobs.ScrubJournal;
import io.vitrine.catalog.images.CacheNodes;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.image.ImageId;
import io.vitrine.observe.metrics.CacheMeters;
import io.vitrine.store.node.StoreWatch;
import io.vitrine.transfer.stream.LocationReader;
import io.vitrine.upkeep.cache.CacheVerticle;
import io.vitrine.upkeep.cache.ImageCache;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The readers of images in a process that serves the API: its cache, and the stores behind it. */
record CacheRole(SharedParts shared, Lifecycle lifecycle, StoreWatch watch) {
  private static final Logger log = LoggerFactory.getLogger(CacheRole.class);

  /** Starts this node's cache; empty if it is off. */
  Optional<ImageCache> start() throws Exception {
    var config = shared.config().cache();
    if (!config.enabled()) {
      return Optional.empty();
    }
    var vertx = shared.vertx();
    var meters = new CacheMeters(shared.meters());
    var cache =
        ImageCache.open(
            vertx, config, new ImageCache.Reports(meters, this::suspect), Clock.systemUTC());
    lifecycle.onClose("cache", cache::close);
    var keeper = await(vertx.deployVerticle(keeper(cache)));
    lifecycle.onClose("cache keeper", () -> await(vertx.undeploy(keeper)));
    return Optional.of(cache);
  }

  private CacheVerticle keeper(ImageCache cache) {
    var pool = shared.upkeep("cache").pool();
    return new CacheVerticle(
        cache,
        new CacheVerticle.Origin(new ImageCatalog(pool), new ImageLocations(pool), reader()),
        shared.config().lease().gcInterval(),
        nodes(pool));
  }

  /** The index of all nodes' caches; empty if nodes do not share one. */
  Optional<CacheNodes> nodes(Pool pool) {
    return shared.config().cache().nodeUrl().map(url -> new CacheNodes(pool, url));
  }

  /** Reads images from their stores. */
  LocationReader reader() {
    return new LocationReader(shared.stores(), shared.webStores(), watch::state, this::suspect);
  }

  private void suspect(ImageId image) {
    new ScrubJournal(shared.upkeep("scrub").pool(), shared.leaseholder())
        .suspect(image)
        .onFailure(
            failure ->
                log.atWarn()
                    .addKeyValue("image_id", image)
                    .addKeyValue("error", failure.getMessage())
                    .log("Cannot schedule a check of the image's data"));
  }
}
