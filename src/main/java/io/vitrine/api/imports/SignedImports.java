package io.vitrine.api.imports;

import io.vertx.core.Future;
import io.vitrine.access.signature.SignatureProperties;
import io.vitrine.access.signature.Signatures;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.tasks.ImportKeys;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.Permit;
import java.util.Optional;

/** Fetches the certificate that verifies an import's data while the caller's token is at hand. */
public record SignedImports(ImageCatalog catalog, Signatures signatures, ImportKeys keys) {
  /** The image; fails if its declared signature could not be verified. */
  Future<Image> prepare(ImageId id, Caller caller, Permit permit, Optional<String> token) {
    return catalog
        .get(id, caller)
        .map(permit::require)
        .compose(
            image ->
                signatures
                    .find(image, token)
                    .<Void>compose(
                        found ->
                            found.isEmpty()
                                ? Future.succeededFuture()
                                : keep(image, found.get().publicKey()))
                    .map(image));
  }

  private Future<Void> keep(Image image, String publicKey) {
    var certificate = SignatureProperties.of(image.properties()).orElseThrow().certificate();
    return keys.keep(image.id(), certificate, publicKey);
  }
}
