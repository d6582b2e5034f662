package io.vitrine.access.identity;

import io.vitrine.net.address.Url;
import java.time.Duration;

/**
 * The Keystone that validates tokens.
 *
 * @param url the Identity API, with or without its {@code /v3}
 * @param publicUrl where users get their tokens, for the challenge of a 401 answer
 * @param cacheTtl how long an accepted token is cached; a revocation takes effect no later
 * @param cacheSize the most tokens cached
 */
public record KeystoneSettings(
    Url url,
    String publicUrl,
    Credentials credentials,
    Duration cacheTtl,
    int cacheSize,
    ClientSettings client) {

  /** The base URL of the Identity API v3. */
  String base() {
    var base = url.toString().replaceAll("/+$", "");
    return base.endsWith("/v3") ? base : base + "/v3";
  }

  /** The resource that issues and validates tokens. */
  Url tokens() {
    return Url.parse(base() + "/auth/tokens");
  }
}
