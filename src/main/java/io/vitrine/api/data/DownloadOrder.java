package io.vitrine.api.data;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.Requests;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.image.Image;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.Location;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The order in which an image's locations are tried: those that {@code ?prefer=} names, then the
 * others by weight.
 */
public record DownloadOrder(ApiCapabilities capabilities, Access access) {
  List<BlobRef> of(RoutingContext context, Image image, List<Location> locations) {
    var preferred = preferred(context, image);
    return byWeight(locations).stream()
        .sorted(Comparator.comparingInt(blob -> position(preferred, blob)))
        .toList();
  }

  /** The order without preferences. */
  List<BlobRef> byWeight(List<Location> locations) {
    return capabilities.byWeight(locations).stream().map(Location::blob).toList();
  }

  private List<String> preferred(RoutingContext context, Image image) {
    var prefer = context.queryParams().get("prefer");
    if (prefer == null || prefer.isBlank()) {
      return List.of();
    }
    access.permit(Requests.caller(context), Rule.DOWNLOAD_FROM_STORE).require(image);
    var preferred = Arrays.stream(prefer.split(",")).map(String::strip).toList();
    for (var store : preferred) {
      if (!capabilities.stores().containsKey(store)) {
        throw invalid(
            "There is no store '%s'; use any of %s."
                .formatted(store, capabilities.stores().keySet()));
      }
    }
    return preferred;
  }

  private static int position(List<String> preferred, BlobRef blob) {
    int position = preferred.indexOf(blob.store());
    return position < 0 ? preferred.size() : position;
  }
}
