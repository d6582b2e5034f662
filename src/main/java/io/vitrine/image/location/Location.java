package io.vitrine.image.location;

import java.util.Map;

/** A location of an image's data, with the metadata that users set on it: a tree of JSON values. */
public record Location(BlobRef blob, Map<String, Object> metadata) {
  /** Copies the metadata. */
  public Location {
    metadata = Map.copyOf(metadata);
  }
}
