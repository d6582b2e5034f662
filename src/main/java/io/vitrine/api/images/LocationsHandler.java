package io.vitrine.api.images;

import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.access.signature.EncryptionKeys;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.image.ImageAccess;
import io.vitrine.image.location.Location;
import java.util.List;

/** The locations of an image: {@code /v2/images/{id}/locations}. */
public final class LocationsHandler {
  private final ImageCatalog catalog;
  private final LocationViews views;
  private final NewLocations additions;
  private final EncryptionKeys keys;
  private final Access access;

  /** Creates the handler. */
  public LocationsHandler(
      ImageCatalog catalog, LocationViews views, NewLocations additions, EncryptionKeys keys) {
    this.catalog = catalog;
    this.views = views;
    this.additions = additions;
    this.keys = keys;
    this.access = views.access();
  }

  /** {@code GET}: the locations, in the order of their stores' weight. */
  public void list(RoutingContext context) {
    var caller = Requests.caller(context);
    catalog
        .get(Requests.imageId(context), caller)
        .map(image -> access.permit(caller, Rule.FETCH_IMAGE_LOCATION).require(image))
        .compose(image -> views.locations().of(image.id()))
        .onSuccess(known -> listed(context, known))
        .onFailure(context::fail);
  }

  private void listed(RoutingContext context, List<Location> known) {
    Responses.json(context, 200, views.toJson(views.capabilities().byWeight(known)));
  }

  /** {@code POST}: adds a location; a worker checks the data afterwards. */
  public void add(RoutingContext context) {
    var order = LocationOrder.read(Requests.object(context));
    var caller = Requests.caller(context);
    var permit = access.permit(caller, Rule.ADD_IMAGE_LOCATION);
    additions
        .add(
            new ImageAccess(Requests.imageId(context), caller, permit),
            order,
            Requests.taskOrigin(context))
        .onSuccess(
            image -> {
              keys.claim(image, Requests.token(context));
              Responses.empty(context, 202);
            })
        .onFailure(context::fail);
  }
}
