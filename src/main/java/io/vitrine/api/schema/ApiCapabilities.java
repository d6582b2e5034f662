package io.vitrine.api.schema;

import static io.vitrine.image.problem.ProblemException.gone;
import static io.vitrine.image.problem.ProblemException.invalid;

import io.vitrine.image.edit.ImageLimits;
import io.vitrine.image.location.Location;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What this deployment offers to callers.
 *
 * @param schema the schema of images within the deployment's limits
 * @param stores the stores by id, in the order of the configuration
 * @param sizeCapBytes the largest permitted image
 * @param hasCache whether images are cached, which some versions of the API announce
 * @param memberQuota the most members of an image; negative: unlimited
 */
public record ApiCapabilities(
    ImageLimits limits,
    ImageSchema schema,
    List<String> importMethods,
    Map<String, StoreDescription> stores,
    String defaultStore,
    long sizeCapBytes,
    int listDefault,
    int listMax,
    int memberQuota,
    boolean hasCache,
    Locating locating) {
  /** How locations are exposed, and how many an image may have. */
  public record Locating(boolean showsLocations, boolean showsDirectUrl, int quota) {}

  /** Whether images have a {@code locations} attribute. */
  public boolean showsLocations() {
    return locating.showsLocations();
  }

  /** Whether images have a {@code direct_url} attribute. */
  public boolean showsDirectUrl() {
    return locating.showsDirectUrl();
  }

  /** The ids of the writable stores. */
  public List<String> writableStores() {
    return stores.keySet().stream().filter(this::isWritable).toList();
  }

  /** Whether a store is configured and writable. */
  public boolean isWritable(String store) {
    return Optional.ofNullable(stores.get(store)).filter(StoreDescription::isWritable).isPresent();
  }

  /** The id of a store that takes new data; fails as invalid or gone if it is none. */
  public String requireWritable(String store) {
    if (!stores.containsKey(store)) {
      throw invalid("There is no store '%s'; use one of %s.".formatted(store, stores.keySet()));
    }
    if (!isWritable(store)) {
      throw gone("The store '%s' is read-only; use one of %s.".formatted(store, writableStores()));
    }
    return store;
  }

  /** The locations by the weight of their stores, the largest first. */
  public List<Location> byWeight(List<Location> locations) {
    return locations.stream()
        .sorted(Comparator.comparing(location -> location.blob().store(), byWeight()))
        .toList();
  }

  /** The ids of stores by weight, the largest first. */
  public List<String> storesByWeight(List<String> ids) {
    return ids.stream().sorted(byWeight()).toList();
  }

  private Comparator<String> byWeight() {
    return Comparator.comparingLong(this::weight).reversed();
  }

  /** The weight of a store; one that is no longer configured comes last. */
  private long weight(String id) {
    var store = stores.get(id);
    return store == null ? Long.MIN_VALUE : store.weight();
  }
}
