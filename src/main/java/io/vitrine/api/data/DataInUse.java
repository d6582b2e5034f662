package io.vitrine.api.data;

import static io.vitrine.image.problem.ProblemException.conflict;

import io.vertx.core.Future;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.api.schema.StoreDescription;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.image.Caller;
import io.vitrine.image.ImageId;
import io.vitrine.image.Permit;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.Location;
import io.vitrine.transfer.stream.StoreClient;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses to delete data that others depend on, such as the parents of clones. It asks only stores
 * whose data can be cloned. If data comes into use after the check, the garbage collection finds
 * out and waits until the use ends.
 */
public final class DataInUse {
  private static final Logger log = LoggerFactory.getLogger(DataInUse.class);

  private final ImageCatalog catalog;
  private final ImageLocations locations;
  private final StoreClient stores;
  private final ApiCapabilities capabilities;

  /** Creates the check; {@code capabilities} tells which stores can be cloned from. */
  public DataInUse(
      ImageCatalog catalog,
      ImageLocations locations,
      StoreClient stores,
      ApiCapabilities capabilities) {
    this.catalog = catalog;
    this.locations = locations;
    this.stores = stores;
    this.capabilities = capabilities;
  }

  /**
   * Fails with a conflict if data of an image is in use.
   *
   * @param permit checked first, so that a caller who may not delete learns nothing of the use
   * @param isMeant selects the stores whose data is to be deleted
   */
  public Future<Void> refuse(ImageId id, Caller caller, Permit permit, Predicate<String> isMeant) {
    if (isNeverInUse()) {
      return Future.succeededFuture();
    }
    return catalog
        .get(id, caller)
        .map(permit::require)
        .compose(image -> refuseAny(image.id(), blob -> isMeant.test(blob.store())));
  }

  /**
   * Fails with a conflict if data is in use at a location that is to be removed.
   *
   * @param removed selects, from an image's locations, the blobs that go
   */
  public Future<Void> refuse(ImageId id, Function<List<Location>, Collection<BlobRef>> removed) {
    return isNeverInUse()
        ? Future.succeededFuture()
        : locations.of(id).map(removed).compose(going -> refuseAny(id, going::contains));
  }

  private boolean isNeverInUse() {
    return capabilities.stores().values().stream().noneMatch(StoreDescription::canBeCloned);
  }

  private Future<Void> refuseAny(ImageId id, Predicate<BlobRef> isMeant) {
    return locations
        .own(id)
        .map(blobs -> blobs.stream().filter(isMeant).toList())
        .compose(this::refuse);
  }

  private Future<Void> refuse(List<BlobRef> blobs) {
    return Future.all(blobs.stream().filter(this::canBeCloned).map(this::refuse).toList())
        .mapEmpty();
  }

  private boolean canBeCloned(BlobRef blob) {
    var store = capabilities.stores().get(blob.store());
    return store != null && store.canBeCloned();
  }

  private Future<Void> refuse(BlobRef blob) {
    return stores
        .isInUse(blob)
        .recover(
            silent -> {
              log.atWarn()
                  .addKeyValue("store", blob.store())
                  .log("The store cannot tell whether data is in use");
              return Future.succeededFuture(false);
            })
        .compose(
            isInUse ->
                isInUse
                    ? Future.failedFuture(
                        conflict(
                            "Image %s could not be deleted because it is in use: there are clones of its data."
                                .formatted(blob.image())))
                    : Future.succeededFuture());
  }
}
