package io.vitrine.api.data;

import static io.vitrine.image.problem.ProblemException.conflict;
import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.notFound;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.catalog.images.CacheNodes;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.transfer.bus.Addresses;
import io.vitrine.upkeep.cache.CachedImage;
import io.vitrine.upkeep.cache.ImageCache;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Shows and manages the cache of this node. */
public final class CacheHandler {
  private static final Set<String> TARGETS = Set.of("", "cache", "queue");

  private final Caches caches;
  private final ImageCatalog catalog;
  private final Access access;
  private final EventBus bus;

  /**
   * The caches of the deployment.
   *
   * @param own this node's; without one the calls answer 404
   * @param nodes the index of all nodes' caches; without one the calls about it answer 409
   */
  public record Caches(Optional<ImageCache> own, Optional<CacheNodes> nodes) {}

  /** Creates the handler. */
  public CacheHandler(Caches caches, ImageCatalog catalog, Access access, EventBus bus) {
    this.caches = caches;
    this.catalog = catalog;
    this.access = access;
    this.bus = bus;
  }

  /** {@code GET /v2/cache}. */
  public void list(RoutingContext context) {
    var found = permitted(context, Rule.CACHE_LIST);
    found
        .queued()
        .onSuccess(queued -> Responses.json(context, 200, toJson(found.images(), queued)))
        .onFailure(context::fail);
  }

  private static JsonObject toJson(List<CachedImage> images, List<ImageId> queued) {
    return new JsonObject()
        .put("cached_images", toJson(images))
        .put("queued_images", new JsonArray(queued.stream().map(ImageId::toString).toList()));
  }

  /** The JSON of cached images, which both cache APIs share. */
  static JsonArray toJson(List<CachedImage> images) {
    var cached = new JsonArray();
    images.forEach(
        image ->
            cached.add(
                new JsonObject()
                    .put("image_id", image.id().toString())
                    .put("hits", image.hits())
                    .put("last_accessed", seconds(image.accessed()))
                    .put("last_modified", seconds(image.created()))
                    .put("size", image.sizeBytes())));
    return cached;
  }

  private static double seconds(Instant time) {
    return time.toEpochMilli() / 1000.0;
  }

  /** {@code PUT /v2/cache/{image}}. */
  public void enqueue(RoutingContext context) {
    catalog
        .get(Requests.imageId(context), Requests.caller(context))
        .map(access.permitOpenly(Requests.caller(context), Rule.CACHE_IMAGE)::require)
        .compose(this::enqueue)
        .onSuccess(
            queued -> {
              bus.send(Addresses.CACHE_WAKE, Requests.imageId(context).toString());
              Responses.empty(context, 202);
            })
        .onFailure(context::fail);
  }

  private Future<Void> enqueue(Image image) {
    var found = offered();
    return found.enqueue(requireActive(image));
  }

  private static Image requireActive(Image image) {
    if (image.status() != ImageStatus.ACTIVE) {
      throw invalid("Only images with status active can be targeted for queueing");
    }
    return image;
  }

  /** {@code DELETE /v2/cache/{image}}. */
  public void remove(RoutingContext context) {
    var found = permitted(context, Rule.CACHE_DELETE);
    var id = Requests.imageId(context);
    var caller = Requests.caller(context);
    found
        .queued()
        .compose(
            queued ->
                caller.isAdmin() && (found.isCached(id) || queued.contains(id))
                    ? Future.succeededFuture()
                    : catalog.get(id, caller))
        .compose(known -> found.dequeue(id))
        .compose(dequeued -> found.remove(id))
        .onSuccess(removed -> Responses.empty(context, 204))
        .onFailure(context::fail);
  }

  /** {@code DELETE /v2/cache}. */
  public void clear(RoutingContext context) {
    var found = permitted(context, Rule.CACHE_DELETE);
    var target = Requests.header(context, "x-image-cache-clear-target").orElse("");
    if (!TARGETS.contains(target)) {
      throw invalid(
          "If provided 'x-image-cache-clear-target' must be 'cache', 'queue' or empty"
              + " string.");
    }
    var dequeued =
        target.equals("cache")
            ? Future.<Void>succeededFuture()
            : found.queued().compose(queued -> each(queued, found::dequeue));
    var cached = List.copyOf(found.held());
    dequeued
        .compose(
            done ->
                target.equals("queue")
                    ? Future.<Void>succeededFuture()
                    : each(cached, found::remove))
        .onSuccess(cleared -> Responses.empty(context, 204))
        .onFailure(context::fail);
  }

  /** Runs a step for each image, one after the other. */
  static Future<Void> each(List<ImageId> ids, Function<ImageId, Future<Void>> step) {
    Future<Void> done = Future.succeededFuture();
    for (var id : ids) {
      done = done.compose(before -> step.apply(id));
    }
    return done;
  }

  /**
   * {@code GET /v2/cache/nodes/{image}}; answers 409, as Glance does, where nodes do not share an
   * index of their caches.
   */
  public void nodes(RoutingContext context) {
    permitted(context, Rule.LIST_CACHED_NODES);
    var index = caches.nodes.orElseThrow(() -> conflict("Centralized caching is not enabled"));
    catalog
        .get(Requests.imageId(context), Requests.caller(context))
        .compose(image -> index.having(image.id()))
        .onSuccess(urls -> Responses.json(context, 200, new JsonArray(urls)))
        .onFailure(context::fail);
  }

  /** {@code POST /v2/cache/clean}. */
  public void clean(RoutingContext context) {
    permitted(context, Rule.CACHE_CLEAN).stopStalled();
    Responses.empty(context, 200);
  }

  /** {@code POST /v2/cache/prune}. */
  public void prune(RoutingContext context) {
    permitted(context, Rule.CACHE_PRUNE)
        .prune()
        .onSuccess(
            pruned ->
                Responses.json(
                    context,
                    200,
                    new JsonObject()
                        .put("total_files_pruned", pruned.files())
                        .put("total_bytes_pruned", pruned.bytes())))
        .onFailure(context::fail);
  }

  private ImageCache permitted(RoutingContext context, Rule rule) {
    access.require(Requests.caller(context), rule);
    return offered();
  }

  private ImageCache offered() {
    return caches.own.orElseThrow(() -> notFound("Caching via API is not supported at this site."));
  }
}
