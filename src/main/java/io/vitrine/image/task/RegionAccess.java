package io.vitrine.image.task;

import io.vitrine.net.address.Url;

/**
 * Access to the Image API of a region on behalf of a user.
 *
 * @param endpoint the Image API's URL without its version
 * @param token the user's token, a secret
 */
public record RegionAccess(Url endpoint, String token) {
  /** Omits the token, since this may be logged. */
  @Override
  public String toString() {
    return "RegionAccess[endpoint=" + endpoint + "]";
  }
}
