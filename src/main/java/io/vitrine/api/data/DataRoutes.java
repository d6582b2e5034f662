package io.vitrine.api.data;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.HEAD;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.filter.RouteGroup;

/** The routes of image data: uploads and downloads, stores, and the cache. */
public record DataRoutes(
    DataReceiver uploads,
    DownloadHandler downloads,
    StoresHandler stores,
    CacheHandler cache,
    QueuedImagesHandler queuedImages)
    implements RouteGroup {
  private static final String FILE = "/images/:image/file";
  private static final String CACHED_IMAGES = "/cached_images";
  private static final String QUEUED_IMAGES = "/queued_images";

  @Override
  public void addTo(Endpoints endpoints) {
    endpoints.data(FILE, uploads::upload);
    endpoints.read(FILE, downloads::download);
    endpoints.bare(HEAD, FILE, downloads::download);
    endpoints.data("/images/:image/stage", uploads::stage);
    endpoints.bare(DELETE, "/stores/:store/:image", stores::remove);
    endpoints.read("/info/stores", stores::list);
    endpoints.read("/info/stores/detail", stores::detail);
    addCache(endpoints);
    addQueuedImages(endpoints);
  }

  private void addCache(Endpoints endpoints) {
    endpoints.read("/cache", cache::list);
    endpoints.bare(DELETE, "/cache", cache::clear);
    endpoints.write(POST, "/cache/clean", cache::clean);
    endpoints.write(POST, "/cache/prune", cache::prune);
    endpoints.read("/cache/nodes/:image", cache::nodes);
    endpoints.write(PUT, "/cache/:image", cache::enqueue);
    endpoints.bare(DELETE, "/cache/:image", cache::remove);
  }

  /** The routes of Glance's older way to manage a cache. */
  private void addQueuedImages(Endpoints endpoints) {
    endpoints.read(CACHED_IMAGES, queuedImages::listCached);
    endpoints.bare(DELETE, CACHED_IMAGES, queuedImages::clearCached);
    endpoints.bare(DELETE, CACHED_IMAGES + "/:image", queuedImages::removeCached);
    endpoints.read(QUEUED_IMAGES, queuedImages::listQueued);
    endpoints.bare(DELETE, QUEUED_IMAGES, queuedImages::clearQueued);
    endpoints.bare(PUT, QUEUED_IMAGES + "/:image", queuedImages::enqueue);
    endpoints.bare(DELETE, QUEUED_IMAGES + "/:image", queuedImages::dequeue);
  }
}
