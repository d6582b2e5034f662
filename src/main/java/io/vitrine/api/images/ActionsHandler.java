package io.vitrine.api.images;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.data.CachedCopies;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.image.ImageStatus;

/** Deactivates images, whose data then only administrators can read, and reactivates them. */
public final class ActionsHandler {
  private final ImageCatalog catalog;
  private final Access access;
  private final CachedCopies copies;

  /** Creates the handler; {@code copies} are dropped when an image is deactivated. */
  public ActionsHandler(ImageCatalog catalog, Access access, CachedCopies copies) {
    this.catalog = catalog;
    this.access = access;
    this.copies = copies;
  }

  /** {@code POST /v2/images/{id}/actions/deactivate}. */
  public void deactivate(RoutingContext context) {
    turn(context, Rule.DEACTIVATE, ImageStatus.DEACTIVATED);
  }

  /** {@code POST /v2/images/{id}/actions/reactivate}. */
  public void reactivate(RoutingContext context) {
    turn(context, Rule.REACTIVATE, ImageStatus.ACTIVE);
  }

  private void turn(RoutingContext context, Rule rule, ImageStatus status) {
    var caller = Requests.caller(context);
    catalog
        .turn(Requests.imageId(context), caller, access.permit(caller, rule), status)
        .compose(
            turned ->
                status == ImageStatus.DEACTIVATED
                    ? copies.withhold(Requests.imageId(context))
                    : Future.succeededFuture())
        .onSuccess(turned -> Responses.empty(context, 204))
        .onFailure(context::fail);
  }
}
