package io.vitrine.net.address;

import java.util.Locale;
import java.util.regex.Pattern;

/** The host of a URL, in the URL standard's form. */
final class Host {
  /** Far beyond any resolvable name; the checks of names are not made for longer ones. */
  private static final int MAX_LENGTH = 4096;

  private static final Pattern FORBIDDEN = Pattern.compile("[\\x00\\t\\n\\r #/:<>?@\\[\\\\\\]^|]");
  private static final Pattern FORBIDDEN_IN_NAMES = Pattern.compile("[\\x00-\\x1f%\\x7f]");

  private Host() {}

  /**
   * Parses the host part of a URL.
   *
   * @param isName whether the scheme's hosts are domain names and addresses rather than opaque
   *     texts
   */
  static String parse(String text, boolean isName) {
    if (text.length() > MAX_LENGTH) {
      throw new UrlException("its host is too long");
    }
    if (text.startsWith("[")) {
      if (!text.endsWith("]")) {
        throw new UrlException("its host lacks a bracket");
      }
      return "[" + Ipv6Notation.canonical(text.substring(1, text.length() - 1)) + "]";
    }
    return isName ? name(text) : opaque(text);
  }

  private static String opaque(String text) {
    requireNone(FORBIDDEN, text);
    return PercentEncoding.CONTROL.encode(text);
  }

  private static String name(String text) {
    var name = DomainName.toAscii(PercentEncoding.decode(text)).toLowerCase(Locale.ROOT);
    if (name.isEmpty()) {
      throw new UrlException("it has no host");
    }
    requireNone(FORBIDDEN, name);
    requireNone(FORBIDDEN_IN_NAMES, name);
    return Ipv4Notation.isMeant(name) ? Ipv4Notation.canonical(name) : name;
  }

  private static void requireNone(Pattern forbidden, String text) {
    if (forbidden.matcher(text).find()) {
      throw new UrlException("its host contains an invalid character");
    }
  }
}
