package io.vitrine.http;

import io.vitrine.image.ConversionTarget;
import io.vitrine.image.Image;
import io.vitrine.image.ImportMethod;
import io.vitrine.image.Permit;
import io.vitrine.signature.EncryptionKeys;
import java.util.Optional;
import java.util.Set;

/**
 * Imports of images that say that they are encrypted.
 *
 * @param target what imports convert images to, if they do
 */
record EncryptedImports(Optional<ConversionTarget> target, EncryptionKeys keys) {
  private static final Set<String> CONVERTED =
      Set.of(ImportMethod.GlanceDirect.NAME, ImportMethod.WebDownload.NAME);

  /** Refuses also what would have to be converted to be imported; what is copied stays as it is. */
  Permit permit(String method, Permit permit) {
    return CONVERTED.contains(method) ? convertible(permit) : permit;
  }

  private Permit convertible(Permit permit) {
    return target
        .<Permit>map(wanted -> image -> wanted.requireReadable(permit.require(image)))
        .orElse(permit);
  }

  /** Tells the key manager that the image needs its key. */
  void claim(Image image, Optional<String> token) {
    keys.claim(image, token);
  }
}
