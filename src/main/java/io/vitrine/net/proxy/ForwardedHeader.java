package io.vitrine.net.proxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The Forwarded header (RFC 7239, section 4). A malformed header is refused as a whole: proxies
 * append at its end, and where that part starts would be a guess.
 */
final class ForwardedHeader {
  private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

  private final String text;
  private int at;

  private ForwardedHeader(String text) {
    this.text = text;
  }

  /** The hops, nearest first. */
  static List<ForwardedHop> read(List<String> lines) {
    return new ForwardedHeader(String.join(",", lines)).elements().reversed();
  }

  private List<ForwardedHop> elements() {
    var hops = new ArrayList<ForwardedHop>();
    do {
      skipBlanks();
      var parameters = element();
      if (!parameters.isEmpty()) {
        hops.add(hop(parameters));
      }
    } while (take(','));
    require(at == text.length());
    return hops;
  }

  private static ForwardedHop hop(Map<String, String> parameters) {
    return new ForwardedHop(
        Optional.ofNullable(parameters.get("for")),
        Optional.ofNullable(parameters.get("proto")),
        Optional.ofNullable(parameters.get("host")),
        Optional.empty(),
        Optional.empty());
  }

  /** Pairs of a name and a value; blanks around semicolons are common, though not standard. */
  private Map<String, String> element() {
    var parameters = new HashMap<String, String>();
    do {
      skipBlanks();
      if (isToken(peek())) {
        var name = token().toLowerCase(Locale.ROOT);
        require(take('='));
        var value = peek() == '"' ? quoted() : token();
        require(parameters.put(name, value) == null);
        skipBlanks();
      }
    } while (take(';'));
    return parameters;
  }

  private String token() {
    int start = at;
    while (isToken(peek())) {
      at++;
    }
    require(at > start);
    return text.substring(start, at);
  }

  private String quoted() {
    var value = new StringBuilder();
    at++;
    while (!take('"')) {
      if (peek() == '\\') {
        at++;
      }
      require(peek() >= ' ' || peek() == '\t');
      value.append(text.charAt(at++));
    }
    return value.toString();
  }

  private void skipBlanks() {
    while (peek() == ' ' || peek() == '\t') {
      at++;
    }
  }

  private boolean take(char expected) {
    boolean isThere = peek() == expected;
    at += isThere ? 1 : 0;
    return isThere;
  }

  /** The next character; NUL at the end. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private static boolean isToken(char c) {
    return (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c != '\0' && TOKEN_SIGNS.indexOf(c) >= 0);
  }

  private static void require(boolean isWellFormed) {
    if (!isWellFormed) {
      throw new MalformedForwardedException("Forwarded");
    }
  }
}
