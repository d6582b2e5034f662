package io.vitrine.image.location;

import io.vitrine.net.address.Url;
import java.util.Map;

/**
 * A location that a user adds to an image.
 *
 * @param store the id of the store that the URL belongs to
 * @param size in bytes, as reported by the server
 * @param validation the user's claims: checksum, os_hash_algo, os_hash_value
 * @param isSized whether the size must equal the image's
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
