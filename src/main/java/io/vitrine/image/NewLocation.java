package io.vitrine.image;

import io.vitrine.url.Url;
import java.util.Map;

/**
 * A place that a user names for an image's data.
 *
 * @param size bytes, as the server says
 * @param validation what the user says of the data: checksum, os_hash_algo, os_hash_value
 */
public record NewLocation(
    Url url, Map<String, Object> metadata, Map<String, String> validation, long size) {
  /** Copies the maps. */
  public NewLocation {
    metadata = Map.copyOf(metadata);
    validation = Map.copyOf(validation);
  }
}
