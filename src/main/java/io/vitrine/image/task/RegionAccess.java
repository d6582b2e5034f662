package io.vitrine.image.task;

import io.vitrine.net.address.Url;

/**
 * How to read from the Image API of a region on behalf of a user.
 *
 * @param endpoint where the Image API is, without its version
 * @param token the user's, a secret
 */
public record RegionAccess(Url endpoint, String token) {
  /** Without the token: this may get into logs. */
  @Override
  public String toString() {
    return "RegionAccess[endpoint=" + endpoint + "]";
  }
}
