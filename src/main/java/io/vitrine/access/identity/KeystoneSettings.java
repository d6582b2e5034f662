package io.vitrine.access.identity;

import io.vitrine.net.address.Url;
import java.time.Duration;

/**
 * Which Keystone is asked, and how.
 *
 * @param url where the Identity API is, with or without its {@code /v3}
 * @param publicUrl where users get their tokens, for the challenge of a 401 answer
 * @param cacheTtl how long an accepted token is believed, and so how late a revocation may show
 * @param cacheSize tokens that are kept
 */
public record KeystoneSettings(
    Url url,
    String publicUrl,
    Credentials credentials,
    Duration cacheTtl,
    int cacheSize,
    ClientSettings client) {

  /** Where the Identity API v3 is. */
  String base() {
    var base = url.toString().replaceAll("/+$", "");
    return base.endsWith("/v3") ? base : base + "/v3";
  }

  /** The resource that validates tokens and makes them. */
  Url tokens() {
    return Url.parse(base() + "/auth/tokens");
  }
}
