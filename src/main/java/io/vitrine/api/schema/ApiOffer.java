package io.vitrine.api.schema;

import io.vitrine.image.ImageLimits;
import io.vitrine.image.location.Location;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What this deployment offers to its callers.
 *
 * @param schema what images can be within the limits
 * @param stores by id, in the order of the configuration
 * @param sizeCapBytes the largest image
 * @param hasCache whether images are cached, which later versions of the API are about
 * @param memberQuota how many projects an image is shared with; negative: any number
 */
public record ApiOffer(
    ImageLimits limits,
    ImageSchema schema,
    List<String> importMethods,
    Map<String, StoreOffer> stores,
    String defaultStore,
    long sizeCapBytes,
    int listDefault,
    int listMax,
    int memberQuota,
    boolean hasCache,
    Locating locating) {
  /** What callers see of where data lies, and how many places an image may have. */
  public record Locating(boolean showsLocations, boolean showsDirectUrl, int quota) {}

  public boolean showsLocations() {
    return locating.showsLocations();
  }

  public boolean showsDirectUrl() {
    return locating.showsDirectUrl();
  }

  /** The ids of the stores that take data. */
  public List<String> writableStores() {
    return stores.keySet().stream().filter(this::isWritable).toList();
  }

  /** Whether a store is known and takes data. */
  public boolean isWritable(String store) {
    return Optional.ofNullable(stores.get(store)).filter(StoreOffer::isWritable).isPresent();
  }

  /** Locations by the weight of their stores, the largest first. */
  public List<Location> byWeight(List<Location> locations) {
    return locations.stream()
        .sorted(Comparator.comparing(location -> location.blob().store(), byWeight()))
        .toList();
  }

  /** Ids of stores by their weight, the largest first. */
  public List<String> storesByWeight(List<String> ids) {
    return ids.stream().sorted(byWeight()).toList();
  }

  private Comparator<String> byWeight() {
    return Comparator.comparingLong(this::weight).reversed();
  }

  /** A store that is not configured any more comes last. */
  private long weight(String id) {
    var store = stores.get(id);
    return store == null ? Long.MIN_VALUE : store.weight();
  }
}
