package io.vitrine.api.images;

import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.image.edit.ImageEdit;
import io.vitrine.image.edit.ImageLimits;
import java.time.Clock;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** Adds and removes tags of images. */
public final class TagsHandler {
  private final ImageCatalog catalog;
  private final Access access;
  private final ImageLimits limits;
  private final Clock clock;

  /** Creates the handler; {@code limits} caps the number of tags of an image. */
  public TagsHandler(ImageCatalog catalog, Access access, ImageLimits limits, Clock clock) {
    this.catalog = catalog;
    this.access = access;
    this.limits = limits;
    this.clock = clock;
  }

  /** {@code PUT /v2/images/{id}/tags/{tag}}. */
  public void add(RoutingContext context) {
    var tag = tag(context);
    edit(context, edit -> edit.addTag(tag));
  }

  /** {@code DELETE /v2/images/{id}/tags/{tag}}. */
  public void remove(RoutingContext context) {
    var tag = tag(context);
    edit(context, edit -> edit.removeTag(tag));
  }

  private void edit(RoutingContext context, UnaryOperator<ImageEdit> change) {
    var caller = Requests.caller(context);
    catalog
        .update(
            Requests.imageId(context),
            caller,
            access.permit(caller, Rule.MODIFY_IMAGE),
            image -> change.apply(ImageEdit.of(image, caller, limits)).toImage(clock.instant()))
        .onSuccess(image -> Responses.empty(context, 204))
        .onFailure(context::fail);
  }

  private static String tag(RoutingContext context) {
    return Objects.requireNonNullElse(context.pathParam("tag"), "");
  }
}
