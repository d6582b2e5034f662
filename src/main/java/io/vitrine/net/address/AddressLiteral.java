package io.vitrine.net.address;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** Parses addresses in their one canonical notation, without a name lookup. */
public final class AddressLiteral {
  /** Four decimal numbers without leading zeros; some programs read {@code 010} as octal. */
  private static final Pattern DOTTED_QUAD =
      Pattern.compile(
          "(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.|$)){4}(?<!\\.)", Pattern.DOTALL);

  private AddressLiteral() {}

  /** The address, given without brackets; empty for names and other notations. */
  public static Optional<InetAddress> parse(String text) {
    if (!DOTTED_QUAD.matcher(text).matches() && !isPlainIpv6(text)) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static boolean isPlainIpv6(String text) {
    return text.indexOf(':') >= 0 && text.indexOf('%') < 0 && text.indexOf('[') < 0;
  }
}
