package io.vitrine.net.address;

import java.net.InetAddress;

/**
 * A range of addresses in CIDR notation (RFC 4632, RFC 4291 section 2.3).
 *
 * @param address any address of the range; bits past the prefix are ignored
 * @param prefixLength how many leading bits are fixed: 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record Network(InetAddress address, int prefixLength) {
  /** Refuses a prefix that is longer than the address. */
  public Network {
    if (prefixLength < 0 || prefixLength > address.getAddress().length * 8) {
      throw new IllegalArgumentException("prefix length out of range: " + prefixLength);
    }
  }

  /** Reads {@code 10.0.0.0/8}, {@code fc00::/7} or a single address. */
  public static Network parse(String text) {
    int slash = text.indexOf('/');
    var address =
        AddressLiteral.parse(slash < 0 ? text : text.substring(0, slash))
            .orElseThrow(() -> new IllegalArgumentException("not a network: " + text));
    if (slash < 0) {
      return new Network(address, address.getAddress().length * 8);
    }
    try {
      return new Network(address, Integer.parseInt(text.substring(slash + 1)));
    } catch (NumberFormatException malformed) {
      throw new IllegalArgumentException("not a network: " + text, malformed);
    }
  }

  /** Whether the other address is of the same family and has the same prefix. */
  public boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] theirs = other.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < prefixLength; bit += 8) {
      int mask = prefixLength - bit >= 8 ? 0xff : 0xff << (8 - (prefixLength - bit)) & 0xff;
      if (((mine[bit / 8] ^ theirs[bit / 8]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + prefixLength;
  }
}
