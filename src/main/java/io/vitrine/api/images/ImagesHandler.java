package io.vitrine.api.images;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.access.signature.EncryptionKeys;
import io.vitrine.api.data.CachedCopies;
import io.vitrine.api.data.DataInUse;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.IdempotencyHeader;
import io.vitrine.api.request.Links;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.NewImages;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageEdit;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImagePatch;
import io.vitrine.image.ImageQuery;
import io.vitrine.image.Permit;
import io.vitrine.image.PropertyGuard;
import io.vitrine.transfer.bus.Addresses;
import java.time.Clock;
import java.util.List;

/** Creates, lists, shows, changes and deletes images. */
public final class ImagesHandler {
  private final ImageCatalog catalog;
  private final NewImages newImages;
  private final LocationViews views;
  private final LocationsHandler locations;
  private final Access access;
  private final ApiCapabilities capabilities;
  private final EncryptionKeys keys;
  private final DataInUse dataInUse;
  private final CachedCopies copies;
  private final EventBus bus;
  private final Clock clock;

  /** Creates the handler; {@code clock} gives the times of new and changed images. */
  public ImagesHandler(
      ImageCatalog catalog,
      NewImages newImages,
      LocationViews views,
      LocationsHandler locations,
      Access access,
      ApiCapabilities capabilities,
      EncryptionKeys keys,
      DataInUse dataInUse,
      CachedCopies copies,
      EventBus bus,
      Clock clock) {
    this.catalog = catalog;
    this.newImages = newImages;
    this.views = views;
    this.locations = locations;
    this.access = access;
    this.capabilities = capabilities;
    this.keys = keys;
    this.dataInUse = dataInUse;
    this.copies = copies;
    this.bus = bus;
    this.clock = clock;
  }

  /** {@code POST /v2/images}. */
  public void create(RoutingContext context) {
    var caller = Requests.caller(context);
    var edit =
        ImageEdit.create(caller, capabilities.limits(), clock.instant())
            .guardedBy(access.properties(caller));
    capabilities
        .schema()
        .requireNew(Requests.object(context))
        .forEach(entry -> edit.set(entry.getKey(), plain(entry.getValue())));
    newImages
        .create(
            access.requireNew(caller, edit.toImage(clock.instant())),
            IdempotencyHeader.read(context),
            image -> views.showNew(image, caller))
        .onSuccess(image -> created(context, image))
        .onFailure(context::fail);
  }

  private void created(RoutingContext context, JsonObject image) {
    var response =
        context
            .response()
            .putHeader(
                HttpHeaders.LOCATION,
                Links.absolute(context, "/v2/images/" + image.getString("id")))
            .putHeader(
                "OpenStack-image-store-ids", String.join(",", capabilities.stores().keySet()));
    if (!capabilities.importMethods().isEmpty()) {
      response.putHeader(
          "OpenStack-image-import-methods", String.join(",", capabilities.importMethods()));
    }
    Responses.json(context, 201, image);
  }

  /** {@code GET /v2/images}. */
  public void list(RoutingContext context) {
    var caller = Requests.caller(context);
    var query = ListQuery.parse(context.queryParams(), capabilities);
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
    var caller = Requests.caller(context);
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
    var type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (operations.stream().anyMatch(LocationPatch::isOne)) {
      locations
          .patch(
              context, operations, (others, image) -> changed(parse(others, type), image, caller))
          .onSuccess(change -> keys.follow(change, Requests.token(context)))
          .compose(change -> views.show(change.after(), caller))
          .onSuccess(image -> Responses.json(context, 200, image))
          .onFailure(context::fail);
      return;
    }
    var patch = parse(operations, type);
    catalog
        .update(id, caller, image -> image, image -> changed(patch, image, caller))
        .onSuccess(change -> keys.follow(change, Requests.token(context)))
        .compose(change -> views.show(change.after(), caller))
        .onSuccess(image -> Responses.json(context, 200, image))
        .onFailure(context::fail);
  }

  private ImagePatch parse(JsonArray operations, String type) {
    return capabilities.schema().require(JsonPatch.parse(operations, type));
  }

  /** Requires permission for the metadata part of a request that may change locations too. */
  private Image changed(ImagePatch patch, Image image, Caller caller) {
    var permitted = access.permit(caller, patch).require(image);
    return patch.applyTo(
        ImageEdit.of(permitted, caller, capabilities.limits()).guardedBy(access.properties(caller)),
        clock.instant());
  }

  /** {@code DELETE /v2/images/{id}}. */
  public void delete(RoutingContext context) {
    var id = Requests.imageId(context);
    var caller = Requests.caller(context);
    var permit = access.permit(caller, Rule.DELETE_IMAGE);
    requireUnused(id, caller, permit)
        .compose(free -> catalog.delete(id, caller, permit))
        .compose(deleted -> copies.forget(id).map(deleted))
        .onSuccess(
            deleted -> {
              keys.delete(deleted.image(), Requests.token(context));
              deleted
                  .blobs()
                  .forEach(blob -> bus.publish(Addresses.STORE_DISCARD, blob.toString()));
              bus.publish(Addresses.GARBAGE_WAKE, "");
              Responses.empty(context, 204);
            })
        .onFailure(context::fail);
  }

  /** Skips the check if deletion is delayed: the data may be in use until it is removed. */
  private Future<Void> requireUnused(ImageId id, Caller caller, Permit permit) {
    return catalog.isDeleteDelayed()
        ? Future.succeededFuture()
        : dataInUse.refuse(
            id,
            caller,
            image -> ImageCatalog.requireDeletable(permit.require(image)),
            store -> true);
  }

  /** Converts JSON arrays to Java lists, which the domain takes. */
  private static Object plain(Object value) {
    return value instanceof JsonArray array ? array.getList() : value;
  }
}
