package io.vitrine.image.location;

import io.vitrine.net.address.Url;
import java.util.Map;

/**
 * A place that a user names for an image's data.
 *
 * @param store the id of the store that it is in
 * @param size bytes, as the server says
 * @param validation what the user says of the data: checksum, os_hash_algo, os_hash_value
 * @param isSized whether the data must be as long as the image is
 */
public record NewLocation(
    String store,
    Url url,
    Map<String, Object> metadata,
    Map<String, String> validation,
    long size,
    boolean isSized) {
  /** Copies the maps. */
  public NewLocation {
    metadata = Map.copyOf(metadata);
    validation = Map.copyOf(validation);
  }
}
