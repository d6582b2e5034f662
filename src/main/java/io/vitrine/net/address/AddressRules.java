package io.vitrine.net.address;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Separates public addresses from internal and special ones. The table follows the IANA registries
 * "IPv4 Special-Purpose Address Space" and "IPv6 Special-Purpose Address Space" (RFC 6890 and its
 * updates) and the two multicast registries; it omits special blocks that are globally reachable,
 * such as AS112.
 */
public final class AddressRules {
  private static final List<Network> SPECIAL =
      networks(
          "0.0.0.0/8", // this network, RFC 791
          "10.0.0.0/8", // private use, RFC 1918
          "100.64.0.0/10", // shared address space of carriers, RFC 6598; cloud metadata too
          "127.0.0.0/8", // loopback, RFC 1122
          "168.63.129.16", // in no registry: the host agent of every virtual machine on Azure
          "169.254.0.0/16", // link-local, RFC 3927; cloud metadata
          "172.16.0.0/12", // private use, RFC 1918
          "192.0.0.0/24", // IETF protocol assignments, RFC 6890; cloud metadata too
          "192.0.2.0/24", // documentation, RFC 5737
          "192.88.99.0/24", // former 6to4 relays, RFC 7526
          "192.168.0.0/16", // private use, RFC 1918
          "198.18.0.0/15", // benchmarking, RFC 2544
          "198.51.100.0/24", // documentation, RFC 5737
          "203.0.113.0/24", // documentation, RFC 5737
          "224.0.0.0/4", // multicast, RFC 5771
          "240.0.0.0/4", // reserved, RFC 1112, with limited broadcast, RFC 919
          "2001::/23", // IETF protocol assignments, RFC 2928, with Teredo, RFC 4380
          "2001:db8::/32", // documentation, RFC 3849
          "3fff::/20"); // documentation, RFC 9637

  /**
   * The only IPv6 unicast space in use (RFC 4291 section 2.4). Everything else is refused:
   * unspecified, loopback, IPv4-compatible, 64:ff9b:1::/48, discard-only 100::/64, SRv6 5f00::/16,
   * unique-local fc00::/7, link-local fe80::/10, site-local fec0::/10, multicast.
   */
  private static final Network GLOBAL_UNICAST = Network.parse("2000::/3");

  /** IPv6 forms of IPv4 addresses, and the offset of the IPv4 address in bytes. */
  private static final List<Embedding> EMBEDDINGS =
      List.of(
          new Embedding(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1}, 12), // RFC 4291 mapped
          new Embedding(new byte[] {0, 0x64, -1, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}, 12), // NAT64
          new Embedding(new byte[] {0x20, 0x02}, 2)); // 6to4, RFC 3056

  private final NetworkLists lists;

  /** Permits public addresses, with the exceptions of the lists. */
  public AddressRules(NetworkLists lists) {
    this.lists = lists;
  }

  /** Whether a user's request may connect to the address. */
  public boolean permits(InetAddress address) {
    return contains(lists.allowed(), address)
        || (!contains(lists.disallowed(), address)
            && embedded(address).map(this::permits).orElseGet(() -> isPublic(address)));
  }

  private static boolean isPublic(InetAddress address) {
    boolean assigned = !(address instanceof Inet6Address) || GLOBAL_UNICAST.contains(address);
    return assigned && !contains(SPECIAL, address);
  }

  private static boolean contains(List<Network> networks, InetAddress address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }

  private static Optional<InetAddress> embedded(InetAddress address) {
    byte[] bytes = address.getAddress();
    return EMBEDDINGS.stream()
        .filter(embedding -> bytes.length == 16 && embedding.matches(bytes))
        .findFirst()
        .map(embedding -> ipv4(bytes, embedding.offset));
  }

  private static InetAddress ipv4(byte[] bytes, int offset) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, offset, offset + 4));
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible); // only thrown for a wrong length
    }
  }

  private static List<Network> networks(String... texts) {
    return Arrays.stream(texts).map(Network::parse).toList();
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Embedding(byte[] prefix, int offset) {
    boolean matches(byte[] address) {
      return Arrays.equals(prefix, 0, prefix.length, address, 0, prefix.length);
    }
  }
}
