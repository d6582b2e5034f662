package io.vitrine.api.imports;

import io.vitrine.access.signature.EncryptionKeys;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.InjectedProperties;
import io.vitrine.image.Permit;
import io.vitrine.image.task.ConversionTarget;
import io.vitrine.image.task.ImportMethod;
import java.util.HashMap;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Imports of images that say that they are encrypted.
 *
 * @param target what imports convert images to, if they do
 * @param injected what imports of new data give to images
 */
public record EncryptedImports(
    Optional<ConversionTarget> target, InjectedProperties injected, EncryptionKeys keys) {
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

  /** Tells the key manager that an image whose data is to come needs its key. */
  void claim(Image image, Caller caller, Optional<String> token) {
    var properties = new HashMap<String, @Nullable String>(image.properties());
    properties.putAll(injected.of(caller.roles()));
    keys.claim(image.id(), properties, token);
  }
}
