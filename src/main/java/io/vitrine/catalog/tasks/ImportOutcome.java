package io.vitrine.catalog.tasks;

import io.vitrine.image.Digests;
import io.vitrine.image.location.BlobRef;
import java.util.Map;
import java.util.Optional;

/**
 * The result of an import: the image's data, size in bytes, and formats.
 *
 * @param properties extra properties to add to the image
 */
public record ImportOutcome(
    BlobRef blob,
    long size,
    Digests digests,
    Optional<Long> virtualSize,
    String diskFormat,
    String containerFormat,
    Map<String, String> properties) {
  /** Copies the properties. */
  public ImportOutcome {
    properties = Map.copyOf(properties);
  }
}
