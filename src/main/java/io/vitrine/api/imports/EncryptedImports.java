package io.vitrine.api.imports;

import io.vitrine.access.signature.EncryptionKeys;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.Permit;
import io.vitrine.image.edit.InjectedProperties;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.OutputFormat;
import java.util.HashMap;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Imports of images that are declared to be encrypted.
 *
 * @param output the disk format that imports convert images to; empty if they do not convert
 * @param injected the properties that imports of new data inject
 */
public record EncryptedImports(
    Optional<OutputFormat> output, InjectedProperties injected, EncryptionKeys keys) {
  private static final Set<String> CONVERTED =
      Set.of(ImportMethod.GlanceDirect.NAME, ImportMethod.WebDownload.NAME);

  /**
   * Adds a check that refuses imports which would convert encrypted data; copying between stores
   * never converts.
   */
  Permit permit(String method, Permit permit) {
    return CONVERTED.contains(method) ? convertible(permit) : permit;
  }

  private Permit convertible(Permit permit) {
    return output
        .<Permit>map(wanted -> image -> wanted.requireReadable(permit.require(image)))
        .orElse(permit);
  }

  /** Registers the image as a consumer of its key with the key manager. */
  void claim(Image image, Caller caller, Optional<String> token) {
    var properties = new HashMap<String, @Nullable String>(image.properties());
    properties.putAll(injected.of(caller.roles()));
    keys.claim(image.id(), properties, token);
  }
}
