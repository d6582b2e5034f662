package io.vitrine.fetch;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What users may have fetched.
 *
 * @param allowedSchemes http, https or both
 * @param allowedPorts TCP ports, of which 0 stands for any; a URL without a port counts with the
 *     default port of its scheme
 * @param disallowedHosts names and addresses that are refused, compared without case
 * @param allowedNetworks internal networks that may be reached nevertheless
 * @param maxRedirects how many redirects are followed, 0 for none
 * @param connectTimeout for resolving the name, and again for connecting
 * @param readTimeout for the answer's head, and between two pieces of the body
 */
public record FetchRules(
    List<String> allowedSchemes,
    List<Integer> allowedPorts,
    List<String> disallowedHosts,
    List<Network> allowedNetworks,
    int maxRedirects,
    Duration connectTimeout,
    Duration readTimeout) {
  private static final int ANY_PORT = 0;
  private static final Set<String> KNOWN_SCHEMES = Set.of("http", "https");

  /** Checks the ranges and that no scheme is one that cannot be spoken. */
  public FetchRules {
    allowedSchemes = allowedSchemes.stream().map(FetchRules::lowerCase).toList();
    allowedPorts = List.copyOf(allowedPorts);
    disallowedHosts = disallowedHosts.stream().map(FetchRules::lowerCase).toList();
    allowedNetworks = List.copyOf(allowedNetworks);
    require(KNOWN_SCHEMES.containsAll(allowedSchemes), "allowedSchemes: only http and https");
    require(
        allowedPorts.stream().allMatch(port -> port >= 0 && port < 65536),
        "allowedPorts: from 0 to 65535");
    require(maxRedirects >= 0 && maxRedirects <= 20, "maxRedirects: from 0 to 20");
    require(connectTimeout.toMillis() > 0, "connectTimeout: more than zero");
    require(readTimeout.toMillis() > 0, "readTimeout: more than zero");
  }

  /** The web's schemes and ports, and nothing that is not reachable by everybody. */
  public static FetchRules defaults() {
    return new FetchRules(
        List.of("http", "https"),
        List.of(80, 443),
        List.of(),
        List.of(),
        5,
        Duration.ofSeconds(10),
        Duration.ofSeconds(60));
  }

  /** Whether images may be fetched from the port. */
  boolean allowsPort(int port) {
    return allowedPorts.contains(port) || allowedPorts.contains(ANY_PORT);
  }

  private static String lowerCase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
