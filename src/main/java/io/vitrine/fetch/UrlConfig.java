package io.vitrine.fetch;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.config.Section;
import io.vitrine.net.address.Network;
import io.vitrine.net.address.NetworkLists;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The URLs that users may name. Allowed lists override disallowed ones; allowed networks may be
 * reached although private or local. The allowed port 0 matches any.
 */
public record UrlConfig(
    List<String> allowedSchemes,
    List<String> disallowedSchemes,
    List<String> allowedHosts,
    List<String> disallowedHosts,
    List<Integer> allowedPorts,
    List<Integer> disallowedPorts,
    List<String> allowedNetworks,
    List<String> disallowedNetworks) {
  private static final List<String> SCHEMES = List.of("http", "https");
  private static final String NETWORKS = "networks such as 10.1.0.0/16";

  private static final Pattern CIDR =
      Pattern.compile(
          "\\d{1,3}(\\.\\d{1,3}){3}/([0-9]|[12][0-9]|3[0-2])|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*/(\\d{1,2}|1[01]\\d|12[0-8])");

  /** Copies the lists. */
  public UrlConfig {
    allowedSchemes = List.copyOf(allowedSchemes);
    disallowedSchemes = List.copyOf(disallowedSchemes);
    allowedHosts = List.copyOf(allowedHosts);
    disallowedHosts = List.copyOf(disallowedHosts);
    allowedPorts = List.copyOf(allowedPorts);
    disallowedPorts = List.copyOf(disallowedPorts);
    allowedNetworks = List.copyOf(allowedNetworks);
    disallowedNetworks = List.copyOf(disallowedNetworks);
  }

  /** The keys and their defaults for a part that permits every URL of a web server. */
  public static JsonObject keys() {
    return new JsonObject()
        .put("allowed_schemes", JsonArray.of("http", "https"))
        .put("disallowed_schemes", new JsonArray())
        .put("allowed_hosts", new JsonArray())
        .put("disallowed_hosts", new JsonArray())
        .put("allowed_ports", new JsonArray())
        .put("disallowed_ports", new JsonArray())
        .put("allowed_networks", new JsonArray())
        .put("disallowed_networks", new JsonArray());
  }

  /** Reads these keys among those of a section. */
  public static UrlConfig from(Section section) {
    return new UrlConfig(
        section.choices("allowed_schemes", SCHEMES),
        section.choices("disallowed_schemes", SCHEMES),
        section.texts("allowed_hosts"),
        section.texts("disallowed_hosts"),
        section.integers("allowed_ports", 0, 65535),
        section.integers("disallowed_ports", 1, 65535),
        section.texts("allowed_networks", CIDR, NETWORKS),
        section.texts("disallowed_networks", CIDR, NETWORKS));
  }

  /** Whether there are lists of networks. */
  public boolean hasNetworks() {
    return !allowedNetworks.isEmpty() || !disallowedNetworks.isEmpty();
  }

  /** The permitted schemes, hosts and ports. */
  UrlFilter filter() {
    return new UrlFilter(
        UrlFilter.Lists.of(allowedSchemes, disallowedSchemes),
        UrlFilter.Lists.of(allowedHosts, disallowedHosts),
        UrlFilter.Lists.of(allowedPorts, disallowedPorts));
  }

  /** The permitted networks. */
  NetworkLists networks() {
    return new NetworkLists(networks(allowedNetworks), networks(disallowedNetworks));
  }

  private static List<Network> networks(List<String> texts) {
    return texts.stream().map(Network::parse).toList();
  }
}
