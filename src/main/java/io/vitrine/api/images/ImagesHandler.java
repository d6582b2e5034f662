package io.vitrine.api.images;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.query.ListQuery;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.Links;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.image.Caller;
import io.vitrine.image.ImageAccess;
import io.vitrine.image.ImageQuery;
import io.vitrine.image.edit.PropertyGuard;
import java.util.List;

/** Lists, shows, changes and deletes images. */
public final class ImagesHandler {
  private final ImageCatalog catalog;
  private final LocationViews views;
  private final ImageChanges changes;
  private final ImageDeletion deletion;
  private final Access access;

  /** Creates the handler. */
  public ImagesHandler(
      ImageCatalog catalog, LocationViews views, ImageChanges changes, ImageDeletion deletion) {
    this.catalog = catalog;
    this.views = views;
    this.changes = changes;
    this.deletion = deletion;
    this.access = views.access();
  }

  /** {@code GET /v2/images}. */
  public void list(RoutingContext context) {
    var caller = Requests.caller(context);
    var query = ListQuery.parse(context.queryParams(), views.capabilities());
    access.require(caller, Rule.GET_IMAGES);
    found(query, caller)
        .compose(
            page ->
                views
                    .show(
                        page.images().stream()
                            .filter(image -> access.maySee(caller, image))
                            .toList(),
                        caller)
                    .onSuccess(shown -> listed(context, page, shown)))
        .onFailure(context::fail);
  }

  /**
   * Answers an empty page without a query if the filter is on a property that the caller may not
   * read.
   */
  private Future<ImageCatalog.Page> found(ImageQuery query, Caller caller) {
    var properties = access.properties(caller);
    boolean isHidden =
        query.filters().stream()
            .anyMatch(
                filter ->
                    filter instanceof ImageQuery.Filter.Property(var property)
                        && !properties.allows(PropertyGuard.Operation.READ, property.getKey()));
    return isHidden ? Future.succeededFuture(ImageCatalog.Page.EMPTY) : catalog.list(query, caller);
  }

  /**
   * Answers the page. Images that the policy refuses are left out, so a page may be short and still
   * have a next one.
   */
  private static void listed(
      RoutingContext context, ImageCatalog.Page page, List<JsonObject> shown) {
    var body =
        new JsonObject()
            .put("images", new JsonArray(shown))
            .put("first", Links.first(context.queryParams()))
            .put("schema", "/v2/schemas/images");
    if (page.hasNext()) {
      body.put("next", Links.next(context.queryParams(), page.images().getLast().id()));
    }
    Responses.json(context, 200, body);
  }

  /** {@code GET /v2/images/{id}}. */
  public void show(RoutingContext context) {
    var caller = Requests.caller(context);
    catalog
        .get(Requests.imageId(context), caller)
        .map(access.permit(caller, Rule.GET_IMAGE)::require)
        .compose(image -> views.show(image, caller))
        .onSuccess(image -> Responses.json(context, 200, image))
        .onFailure(context::fail);
  }

  /**
   * {@code PATCH /v2/images/{id}}; 415 with Accept-Patch for any media type but the two of the API.
   */
  public void patch(RoutingContext context) {
    var id = Requests.imageId(context);
    if (!JsonPatch.isOffered(context.request().getHeader(HttpHeaders.CONTENT_TYPE))) {
      context.response().putHeader("Accept-Patch", JsonPatch.OFFERED);
      context.fail(415);
      return;
    }
    var operations = Requests.array(context);
    if (operations.isEmpty()) {
      // An empty patch changes nothing, not even updated_at, and needs no permission.
      show(context);
      return;
    }
    changes
        .patch(id, operations, context)
        .compose(change -> views.show(change.after(), Requests.caller(context)))
        .onSuccess(image -> Responses.json(context, 200, image))
        .onFailure(context::fail);
  }

  /** {@code DELETE /v2/images/{id}}. */
  public void delete(RoutingContext context) {
    var caller = Requests.caller(context);
    var permit = access.permit(caller, Rule.DELETE_IMAGE);
    deletion
        .run(new ImageAccess(Requests.imageId(context), caller, permit), Requests.token(context))
        .onSuccess(deleted -> Responses.empty(context, 204))
        .onFailure(context::fail);
  }
}
