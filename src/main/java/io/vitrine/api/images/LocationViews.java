package io.vitrine.api.images;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.request.Access;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.edit.PropertyGuard;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.Location;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON of images with their locations, where the deployment shows them. Everyone who sees an
 * image sees its locations, because Nova and Cinder clone public images by them; those of a
 * deactivated image only administrators see.
 */
public record LocationViews(ImageLocations locations, Access access, ApiCapabilities capabilities) {
  /** One image. */
  public Future<JsonObject> show(Image image, Caller caller) {
    return show(List.of(image), caller).map(List::getFirst);
  }

  /** The JSON of an image that has no data yet. */
  JsonObject showNew(Image image, Caller caller) {
    return show(image, caller, access.properties(caller), Map.of());
  }

  /** Several images, in the same order. */
  public Future<List<JsonObject>> show(List<Image> images, Caller caller) {
    var properties = access.properties(caller);
    return known(images)
        .map(
            found -> images.stream().map(image -> show(image, caller, properties, found)).toList());
  }

  private Future<Map<ImageId, List<Location>>> known(List<Image> images) {
    return capabilities.showsLocations() || capabilities.showsDirectUrl()
        ? locations.of(images.stream().map(Image::id).toList())
        : Future.succeededFuture(Map.of());
  }

  private JsonObject show(
      Image image, Caller caller, PropertyGuard properties, Map<ImageId, List<Location>> found) {
    var json = ImageJson.of(image, properties, capabilities.schema());
    if (!image.stores().isEmpty()) {
      json.put("stores", String.join(",", capabilities.storesByWeight(image.stores())));
    }
    var known = capabilities.byWeight(found.getOrDefault(image.id(), List.of()));
    if (image.status() == ImageStatus.DEACTIVATED && !caller.isAdmin()) {
      json.remove("stores");
      known = List.of();
    }
    if (capabilities.showsLocations()) {
      json.put("locations", toJson(known));
    }
    return capabilities.showsDirectUrl() && !known.isEmpty()
        ? json.put("direct_url", url(known.getFirst().blob()))
        : json;
  }

  /** The locations, in the given order. */
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

  /** The URL of a blob; for a store that is no longer configured only its name. */
  String url(BlobRef blob) {
    return blob.url()
        .map(Object::toString)
        .or(
            () ->
                Optional.ofNullable(capabilities.stores().get(blob.store()))
                    .map(store -> store.url().apply(blob)))
        .orElseGet(() -> "file:///" + blob.store() + "/" + blob.path());
  }
}
