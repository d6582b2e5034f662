package io.vitrine.http;

import io.vitrine.image.ConversionTarget;
import io.vitrine.image.Image;
import io.vitrine.image.ImportMethod;
import io.vitrine.image.Permit;
import io.vitrine.signature.EncryptionKeys;
import java.util.Optional;

/**
 * Imports of images that say that they are encrypted.
 *
 * @param target what imports convert images to, if they do
 */
record EncryptedImports(Optional<ConversionTarget> target, EncryptionKeys keys) {
  /** Refuses also what would have to be converted to be imported; what is copied stays as it is. */
  Permit permit(ImportMethod method, Permit permit) {
    return switch (method) {
      case ImportMethod.GlanceDirect direct -> convertible(permit);
      case ImportMethod.WebDownload web -> convertible(permit);
      case ImportMethod.GlanceDownload region -> permit;
      case ImportMethod.CopyImage copy -> permit;
      case ImportMethod.AtLocation location -> permit;
    };
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
