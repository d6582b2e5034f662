package io.vitrine.api.images;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.IdempotencyHeader;
import io.vitrine.api.request.Links;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.catalog.images.NewImages;

/** Creates images. */
public final class CreationHandler {
  private final NewImages newImages;
  private final ImageEdits edits;
  private final LocationViews views;

  /** Creates the handler. */
  public CreationHandler(NewImages newImages, ImageEdits edits, LocationViews views) {
    this.newImages = newImages;
    this.edits = edits;
    this.views = views;
  }

  /** {@code POST /v2/images}. */
  public void create(RoutingContext context) {
    var caller = Requests.caller(context);
    var access = views.access();
    var edit = edits.create(caller).guardedBy(access.properties(caller));
    var image = edits.describe(edit, Requests.object(context));
    newImages
        .create(
            access.requireNew(caller, image),
            IdempotencyHeader.read(context),
            created -> views.showNew(created, caller))
        .onSuccess(shown -> created(context, shown))
        .onFailure(context::fail);
  }

  private void created(RoutingContext context, JsonObject image) {
    var capabilities = views.capabilities();
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
}
