package io.vitrine.image.location;

import java.util.Map;

/**
 * A place where the data of an image lies, with what users have noted about it: a tree of JSON
 * values.
 */
public record Location(BlobRef blob, Map<String, Object> metadata) {
  /** Copies the notes. */
  public Location {
    metadata = Map.copyOf(metadata);
  }
}
