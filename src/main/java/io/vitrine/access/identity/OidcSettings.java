package io.vitrine.access.identity;

import java.time.Duration;

/**
 * The provider whose tokens are accepted, and their claims.
 *
 * @param issuer the provider's URL as its tokens have it; its discovery document lies below
 * @param audience the audience that tokens must name
 * @param claims which claims name the caller
 * @param leeway the tolerated difference of clocks
 * @param refresh how long the provider's keys are cached
 */
public record OidcSettings(
    String issuer,
    String audience,
    Claims claims,
    Duration leeway,
    Duration refresh,
    ClientSettings client) {

  /** Names of claims; a dot descends into an object, as in {@code realm_access.roles}. */
  public record Claims(String user, String project, String roles) {}
}
