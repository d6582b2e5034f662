package io.vitrine.api.images;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.request.ApiTerms;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.edit.ImageEdit;
import io.vitrine.image.edit.ImagePatch;
import java.time.Clock;

/**
 * Edits of images within the terms of the API.
 *
 * @param clock gives the times of new and changed images
 */
public record ImageEdits(ApiTerms terms, Clock clock) {
  /** The edit of a new image of the caller's. */
  public ImageEdit create(Caller caller) {
    return ImageEdit.create(caller, terms.capabilities().limits(), clock.instant());
  }

  /** The new image with these properties, which must keep to the schema. */
  public Image describe(ImageEdit edit, JsonObject properties) {
    terms
        .capabilities()
        .schema()
        .requireNew(properties)
        .forEach(entry -> edit.set(entry.getKey(), plain(entry.getValue())));
    return edit.toImage(clock.instant());
  }

  /** Converts JSON arrays to Java lists, which the domain takes. */
  private static Object plain(Object value) {
    return value instanceof JsonArray array ? array.getList() : value;
  }

  /** The operations of a patch that change metadata. */
  ImagePatch parse(JsonArray operations, String type) {
    return terms.capabilities().schema().require(JsonPatch.parse(operations, type));
  }

  /** Requires permission for the metadata part of a request that may change locations too. */
  Image changed(ImagePatch patch, Image image, Caller caller) {
    var permitted = terms.access().permit(caller, patch).require(image);
    return patch.applyTo(
        ImageEdit.of(permitted, caller, terms.capabilities().limits())
            .guardedBy(terms.access().properties(caller)),
        clock.instant());
  }
}
