package io.vitrine.api.images;

import io.vertx.core.Future;
import io.vitrine.access.signature.EncryptionKeys;
import io.vitrine.api.data.CachedCopies;
import io.vitrine.api.data.DataRemoval;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.image.ImageAccess;
import java.util.Optional;

/** Deletes images with all that belongs to them. */
public record ImageDeletion(
    ImageCatalog catalog, EncryptionKeys keys, DataRemoval removal, CachedCopies copies) {
  /**
   * Deletes an image.
   *
   * @param token of the caller, for the image's key
   */
  Future<Void> run(ImageAccess access, Optional<String> token) {
    return requireUnused(access)
        .compose(free -> catalog.delete(access.id(), access.caller(), access.permit()))
        .compose(deleted -> copies.forget(access.id()).map(deleted))
        .onSuccess(
            deleted -> {
              keys.delete(deleted.image(), token);
              deleted.blobs().forEach(removal::discard);
              removal.collect();
            })
        .mapEmpty();
  }

  /** Skips the check if deletion is delayed: the data may be in use until it is removed. */
  private Future<Void> requireUnused(ImageAccess access) {
    return catalog.isDeleteDelayed()
        ? Future.succeededFuture()
        : removal
            .inUse()
            .refuse(
                access.id(),
                access.caller(),
                image -> ImageCatalog.requireDeletable(access.permit().require(image)),
                store -> true);
  }
}
