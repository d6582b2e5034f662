package io.vitrine.api.images;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.signature.EncryptionKeys;
import io.vitrine.api.request.Requests;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.image.Caller;
import io.vitrine.image.ImageId;
import io.vitrine.image.edit.ImageChange;

/**
 * Changes images as patches ask. The registration of encryption keys follows the changes.
 *
 * @param locations carries out the operations on locations
 */
public record ImageChanges(
    ImageCatalog catalog, LocationChanges locations, ImageEdits edits, EncryptionKeys keys) {
  /** Applies the operations of a request, of which there is at least one. */
  Future<ImageChange> patch(ImageId id, JsonArray operations, RoutingContext context) {
    var type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    var caller = Requests.caller(context);
    var changed =
        operations.stream().anyMatch(LocationPatch::isOne)
            ? relocate(id, caller, locations.prepare(caller, operations), type)
            : edit(id, caller, operations, type);
    return changed.onSuccess(change -> keys.follow(change, Requests.token(context)));
  }

  private Future<ImageChange> relocate(
      ImageId id, Caller caller, LocationChanges.Prepared patch, String type) {
    return catalog
        .get(id, caller)
        .compose(
            image ->
                locations.apply(
                    image,
                    patch,
                    now -> edits.changed(edits.parse(patch.others(), type), now, caller)));
  }

  private Future<ImageChange> edit(ImageId id, Caller caller, JsonArray operations, String type) {
    var patch = edits.parse(operations, type);
    return catalog.update(id, caller, image -> image, image -> edits.changed(patch, image, caller));
  }
}
