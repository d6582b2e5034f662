package io.vitrine.net.proxy;

import io.vitrine.net.address.AddressLiteral;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Validates what proxies report; anything malformed is refused, never guessed. */
final class ForwardedValues {
  /** Group 1 or 2 is the address; a port may follow unless it could be part of the address. */
  private static final Pattern NODE =
      Pattern.compile("\\[([0-9A-Fa-f:.]+)](?::\\d{1,5})?|([0-9.]+)(?::\\d{1,5})?|[0-9A-Fa-f:.]+");

  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._~-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(:\\d{1,5})?");

  private static final Pattern PREFIX = Pattern.compile("(?:/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)*/?");

  private ForwardedValues() {}

  /** The address of a node (RFC 7239, section 6); empty for unknown and obfuscated ones. */
  static Optional<InetAddress> address(String text) {
    var node = NODE.matcher(text);
    if (!node.matches()) {
      return Optional.empty();
    }
    var bracketed = Optional.ofNullable(node.group(1));
    return AddressLiteral.parse(
        bracketed.or(() -> Optional.ofNullable(node.group(2))).orElse(text));
  }

  static String scheme(String text) {
    var scheme = text.toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new MalformedForwardedException("scheme");
    }
    return scheme;
  }

  /** A host, with or without a port. */
  static String host(String text) {
    if (!HOST.matcher(text).matches()) {
      throw new MalformedForwardedException("host");
    }
    return text;
  }

  /** Whether a valid host has a port. */
  static boolean hasPort(String host) {
    return host.matches(".*:\\d+");
  }

  static int port(String text) {
    if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 65535) {
      throw new MalformedForwardedException("port");
    }
    return Integer.parseInt(text);
  }

  /** Empty, or a path that begins with a slash and does not end with one. */
  static String prefix(String text) {
    if (!PREFIX.matcher(text).matches()) {
      throw new MalformedForwardedException("path");
    }
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }
}
