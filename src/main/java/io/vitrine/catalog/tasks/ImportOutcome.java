package io.vitrine.catalog.tasks;

import io.vitrine.image.Digests;
import io.vitrine.image.location.BlobRef;
import java.util.Map;
import java.util.Optional;

/**
 * What an import made: the image's data, its size in bytes, and the formats it has now.
 *
 * @param properties extra properties that the image gets besides its own
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
