package io.vitrine.net.proxy;

import io.vitrine.net.address.AddressLiteral;
import io.vitrine.net.address.Network;
import java.util.List;
import java.util.stream.Stream;

/** The proxies whose forwarding headers are trusted. */
public final class TrustedProxies {
  private static final String LOOPBACK = "loopback";
  private static final List<String> LOOPBACK_NETWORKS = List.of("127.0.0.0/8", "::1");

  private final List<Network> networks;

  private TrustedProxies(List<Network> networks) {
    this.networks = networks;
  }

  /** Parses addresses, networks in CIDR notation, and the word loopback. */
  public static TrustedProxies parse(List<String> items) {
    return new TrustedProxies(
        items.stream()
            .flatMap(item -> item.equals(LOOPBACK) ? LOOPBACK_NETWORKS.stream() : Stream.of(item))
            .map(Network::parse)
            .toList());
  }

  /** Whether the text is the address of a trusted proxy. */
  public boolean contains(String address) {
    return AddressLiteral.parse(address)
        .filter(literal -> networks.stream().anyMatch(network -> network.contains(literal)))
        .isPresent();
  }
}
