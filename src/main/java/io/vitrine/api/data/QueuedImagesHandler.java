package io.vitrine.api.data;

import static io.vitrine.image.problem.ProblemException.notFound;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.image.ImageId;
import io.vitrine.upkeep.cache.ImageCache;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The older API of this node's cache, {@code /v2/cached_images} and {@code /v2/queued_images},
 * which glance-cache-manage uses. Every call needs the right to manage the cache. A queued id need
 * not be an image's; the queue is worked on when the cache is next maintained.
 */
public final class QueuedImagesHandler {
  private final Optional<ImageCache> cache;
  private final Access access;

  /** Creates the handler; without a cache every call answers 404. */
  public QueuedImagesHandler(Optional<ImageCache> cache, Access access) {
    this.cache = cache;
    this.access = access;
  }

  /** {@code GET /v2/cached_images}. */
  public void listCached(RoutingContext context) {
    var images = CacheHandler.toJson(permitted(context).images());
    Responses.json(context, 200, new JsonObject().put("cached_images", images));
  }

  /** {@code DELETE /v2/cached_images/{image}}. */
  public void removeCached(RoutingContext context) {
    var found = permitted(context);
    done(context, found.remove(Requests.imageId(context)));
  }

  /** {@code DELETE /v2/cached_images}. */
  public void clearCached(RoutingContext context) {
    var found = permitted(context);
    int count = found.images().size();
    clear(context, List.copyOf(found.held()), found::remove, count);
  }

  /** {@code GET /v2/queued_images}. */
  public void listQueued(RoutingContext context) {
    permitted(context)
        .queued()
        .onSuccess(
            queued -> {
              var ids = new JsonArray(queued.stream().map(ImageId::toString).toList());
              Responses.json(context, 200, new JsonObject().put("queued_images", ids));
            })
        .onFailure(context::fail);
  }

  /** {@code PUT /v2/queued_images/{image}}. */
  public void enqueue(RoutingContext context) {
    var found = permitted(context);
    done(context, found.enqueue(Requests.imageId(context)));
  }

  /** {@code DELETE /v2/queued_images/{image}}. */
  public void dequeue(RoutingContext context) {
    var found = permitted(context);
    done(context, found.dequeue(Requests.imageId(context)));
  }

  /** {@code DELETE /v2/queued_images}. */
  public void clearQueued(RoutingContext context) {
    var found = permitted(context);
    found
        .queued()
        .onSuccess(queued -> clear(context, queued, found::dequeue, queued.size()))
        .onFailure(context::fail);
  }

  private static void clear(
      RoutingContext context, List<ImageId> ids, Function<ImageId, Future<Void>> step, int count) {
    CacheHandler.each(ids, step)
        .onSuccess(
            cleared -> Responses.json(context, 200, new JsonObject().put("num_deleted", count)))
        .onFailure(context::fail);
  }

  private static void done(RoutingContext context, Future<Void> change) {
    change.onSuccess(changed -> Responses.jsonNull(context)).onFailure(context::fail);
  }

  private ImageCache permitted(RoutingContext context) {
    access.require(Requests.caller(context), Rule.MANAGE_IMAGE_CACHE);
    return cache.orElseThrow(() -> notFound("Caching via API is not supported at this site."));
  }
}
