package io.vitrine.api.images;

import static io.vitrine.image.problem.ProblemException.forbidden;
import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vitrine.catalog.tasks.LocationRequests;
import io.vitrine.catalog.tasks.TaskOrigin;
import io.vitrine.fetch.WebStores;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageAccess;
import io.vitrine.transfer.bus.Addresses;
import java.util.Optional;

/**
 * Adds locations on web servers to images, for workers to verify.
 *
 * @param node is recorded as the node that added a location
 */
public record NewLocations(LocationRequests requests, WebStores stores, String node, EventBus bus) {
  /** Adds a location, and answers the image as it was. */
  Future<Image> add(ImageAccess access, LocationOrder order, TaskOrigin origin) {
    return requests
        .submit(access, image -> claim(access.caller(), order), origin)
        .onSuccess(image -> bus.publish(Addresses.IMPORT_WAKE, ""));
  }

  /**
   * The claim; callers that are not services may only name what can be fetched from web servers.
   */
  private LocationRequests.Claim claim(Caller caller, LocationOrder order) {
    var url = order.url();
    boolean isOpen = !stores.isEmpty() && url.matches("(?i)https?://.*");
    if (!isOpen && !caller.roles().contains("service")) {
      throw forbidden("Only http and https locations are allowed, and only with an http store.");
    }
    var hash = order.hash();
    if (!isOpen) {
      throw invalid("The location is in no store of this service.");
    }
    var place = stores.place(url, Optional.empty());
    return new LocationRequests.Claim(place.url(), hash, place.store().id(), node);
  }
}
