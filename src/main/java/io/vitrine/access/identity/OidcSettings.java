package io.vitrine.access.identity;

import java.time.Duration;

/**
 * Whose tokens are accepted, and what they say.
 *
 * @param issuer the provider's URL as its tokens have it, below which its discovery document lies
 * @param audience what tokens must be meant for
 * @param claims where a token names the caller
 * @param leeway how much clocks may differ
 * @param refresh how long the provider's keys are kept
 */
public record OidcSettings(
    String issuer,
    String audience,
    Claims claims,
    Duration leeway,
    Duration refresh,
    ClientSettings client) {

  /** Names of claims; a dot leads into an object, as in {@code realm_access.roles}. */
  public record Claims(String user, String project, String roles) {}
}
