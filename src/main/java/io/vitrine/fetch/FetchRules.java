package io.vitrine.fetch;

import io.vitrine.net.address.NetworkLists;
import java.time.Duration;

/**
 * What users may fetch, and how.
 *
 * @param filter the permitted URLs
 * @param networks exceptions for addresses
 * @param maxRedirects the most redirects followed, 0 for none
 * @param connectTimeout for resolving the name, and again for connecting
 * @param readTimeout for the response's head, and between two pieces of the body
 * @param resumption how broken transfers are resumed
 */
public record FetchRules(
    UrlFilter filter,
    NetworkLists networks,
    int maxRedirects,
    Duration connectTimeout,
    Duration readTimeout,
    Resumption resumption) {

  /** Checks the ranges. */
  public FetchRules {
    require(maxRedirects >= 0 && maxRedirects <= 20, "maxRedirects: from 0 to 20");
    require(connectTimeout.toMillis() > 0, "connectTimeout: more than zero");
    require(readTimeout.toMillis() > 0, "readTimeout: more than zero");
  }

  /** Web schemes and ports, and public addresses only. */
  public static FetchRules defaults() {
    return new FetchRules(
        UrlFilter.defaults(),
        NetworkLists.NONE,
        5,
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        Resumption.defaults());
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
