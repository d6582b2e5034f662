package io.vitrine.http;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.catalog.ImageLocations;
import io.vitrine.image.BlobRef;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.Location;
import io.vitrine.image.ProblemException;
import io.vitrine.image.PropertyGuard;
import io.vitrine.policy.Rule;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Images as the API shows them, with where their data lies if this deployment shows that and the
 * caller may see it.
 */
record LocationViews(ImageLocations locations, Access access, ApiOffer offer) {
  /** One image. */
  Future<JsonObject> show(Image image, Caller caller) {
    return show(List.of(image), caller).map(List::getFirst);
  }

  /** An image that has no data yet. */
  JsonObject showNew(Image image, Caller caller) {
    return show(image, caller, access.properties(caller), Map.of());
  }

  /** Images in their order. */
  Future<List<JsonObject>> show(List<Image> images, Caller caller) {
    var properties = access.properties(caller);
    if (!offer.showsLocations() && !offer.showsDirectUrl()) {
      return Future.succeededFuture(
          images.stream().map(image -> ImageJson.of(image, properties)).toList());
    }
    return locations
        .of(images.stream().map(Image::id).toList())
        .map(
            found -> images.stream().map(image -> show(image, caller, properties, found)).toList());
  }

  private JsonObject show(
      Image image, Caller caller, PropertyGuard properties, Map<ImageId, List<Location>> found) {
    var json = ImageJson.of(image, properties);
    var known = offer.byWeight(found.getOrDefault(image.id(), List.of()));
    if (!maySee(image, caller)) {
      return json;
    }
    if (offer.showsLocations()) {
      json.put("locations", toJson(known));
    }
    return offer.showsDirectUrl() && !known.isEmpty()
        ? json.put("direct_url", url(known.getFirst().blob()))
        : json;
  }

  private boolean maySee(Image image, Caller caller) {
    try {
      access.permit(caller, Rule.GET_IMAGE_LOCATION).require(image);
      return true;
    } catch (ProblemException refused) {
      return false;
    }
  }

  /** Locations in the order given. */
  JsonArray toJson(List<Location> known) {
    var json = new JsonArray();
    for (var location : known) {
      var metadata = new JsonObject(location.metadata()).copy();
      json.add(
          new JsonObject()
              .put("url", url(location.blob()))
              .put("metadata", metadata.put("store", location.blob().store())));
    }
    return json;
  }

  /** Where a blob lies; of a store that is not configured any more only its name is known. */
  String url(BlobRef blob) {
    return blob.url()
        .map(Object::toString)
        .or(
            () ->
                Optional.ofNullable(offer.stores().get(blob.store()))
                    .map(store -> store.url().apply(blob)))
        .orElseGet(() -> "file:///" + blob.store() + "/" + blob.path());
  }
}
