package io.vitrine.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.catalog.ImageCatalog;
import io.vitrine.image.ImageStatus;
import io.vitrine.policy.Rule;

/** Withholds the data of images from everybody but administrators, and gives it back. */
final class ActionsHandler {
  private final ImageCatalog catalog;
  private final Access access;
  private final CachedCopies copies;

  ActionsHandler(ImageCatalog catalog, Access access, CachedCopies copies) {
    this.catalog = catalog;
    this.access = access;
    this.copies = copies;
  }

  /** {@code POST /v2/images/{id}/actions/deactivate}. */
  void deactivate(RoutingContext context) {
    turn(context, Rule.DEACTIVATE, ImageStatus.DEACTIVATED);
  }

  /** {@code POST /v2/images/{id}/actions/reactivate}. */
  void reactivate(RoutingContext context) {
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
