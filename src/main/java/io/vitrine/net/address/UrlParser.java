package io.vitrine.net.address;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The URL standard's basic parser. Where the standard's states agree, it splits the text up front:
 * the first number sign starts the fragment, and the first question mark before that the query.
 */
final class UrlParser {
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):");
  private static final Pattern IGNORED = Pattern.compile("[\\t\\n\\r]");
  private static final Pattern DIGITS = Pattern.compile("[0-9]*");
  private static final int MAX_PORT = 65535;

  private final String text;
  private String scheme = "";
  private String username = "";
  private String password = "";
  private Optional<String> host = Optional.empty();
  private OptionalInt port = OptionalInt.empty();
  private Optional<String> query = Optional.empty();
  private UrlPath path = UrlPath.EMPTY;

  UrlParser(String text) {
    if (text.codePoints().anyMatch(UrlParser::isLoneSurrogate)) {
      throw new UrlException("it contains invalid Unicode");
    }
    this.text = IGNORED.matcher(stripped(text)).replaceAll("");
  }

  private static boolean isLoneSurrogate(int character) {
    return character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
  }

  /** Strips control characters and spaces at both ends. */
  private static String stripped(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && text.charAt(start) <= ' ') {
      start++;
    }
    while (end > start && text.charAt(end - 1) <= ' ') {
      end--;
    }
    return text.substring(start, end);
  }

  Url parse(Optional<Url> base) {
    int hash = text.indexOf('#');
    var beforeFragment = hash < 0 ? text : text.substring(0, hash);
    int mark = beforeFragment.indexOf('?');
    var body = mark < 0 ? beforeFragment : beforeFragment.substring(0, mark);
    query = mark < 0 ? Optional.empty() : Optional.of(beforeFragment.substring(mark + 1));
    var named = SCHEME.matcher(body);
    if (named.lookingAt()) {
      scheme = named.group(1).toLowerCase(Locale.ROOT);
      parseAbsolute(body.substring(named.end()), base);
    } else {
      parseReference(body, base.orElseThrow(() -> new UrlException("it has no scheme")));
    }
    var querySet = Url.isSpecial(scheme) ? PercentEncoding.SPECIAL_QUERY : PercentEncoding.QUERY;
    return new Url(
        scheme,
        username,
        password,
        host,
        port,
        path.text(mark >= 0 || hash >= 0),
        query.map(querySet::encode),
        hash < 0
            ? Optional.empty()
            : Optional.of(PercentEncoding.FRAGMENT.encode(text.substring(hash + 1))));
  }

  private void parseAbsolute(String rest, Optional<Url> base) {
    if (!Url.isSpecial(scheme)) {
      parseOther(rest);
      return;
    }
    // "http:page" is relative to the base, but only if the base has the same scheme.
    var site = base.filter(url -> url.scheme().equals(scheme) && slashes(rest) < 2);
    if (site.isPresent()) {
      parseReference(rest, site.get());
    } else {
      parseAuthority(withoutSlashes(rest));
    }
  }

  private void parseOther(String rest) {
    if (rest.startsWith("//")) {
      parseAuthority(rest.substring(2));
    } else if (rest.startsWith("/")) {
      path = UrlPath.absolute(rest, false);
    } else {
      path = UrlPath.opaque(rest);
    }
  }

  private void parseReference(String body, Url base) {
    if (base.isOpaque()) {
      if (!body.isEmpty() || query.isPresent() || text.isEmpty()) {
        throw new UrlException("it is relative to a URL without a path");
      }
      path = UrlPath.opaque(base.path());
      scheme = base.scheme();
      query = base.query();
      return;
    }
    scheme = base.scheme();
    int slashes = slashes(body);
    if (slashes >= 2) {
      parseAuthority(base.isSpecial() ? withoutSlashes(body) : body.substring(2));
      return;
    }
    username = base.username();
    password = base.password();
    host = base.host();
    port = base.port();
    if (slashes == 1) {
      path = UrlPath.absolute(body, base.isSpecial());
    } else if (body.isEmpty()) {
      path = UrlPath.of(base);
      query = query.or(base::query);
    } else {
      path = UrlPath.of(base).withLast(body, base.isSpecial());
    }
  }

  /** The number of leading slashes, two at most. */
  private int slashes(String rest) {
    int count = 0;
    while (count < 2 && count < rest.length() && isSlash(rest.charAt(count))) {
      count++;
    }
    return count;
  }

  /** Browsers treat backslashes as slashes, and any number of them as two. */
  private String withoutSlashes(String rest) {
    int start = 0;
    while (start < rest.length() && isSlash(rest.charAt(start))) {
      start++;
    }
    return rest.substring(start);
  }

  private boolean isSlash(char character) {
    return character == '/' || (character == '\\' && Url.isSpecial(scheme));
  }

  private void parseAuthority(String rest) {
    boolean isSpecial = Url.isSpecial(scheme);
    int end = 0;
    while (end < rest.length() && !isSlash(rest.charAt(end))) {
      end++;
    }
    var authority = rest.substring(0, end);
    int at = authority.lastIndexOf('@');
    if (at >= 0) {
      parseCredentials(authority.substring(0, at));
    }
    var address = authority.substring(at + 1);
    if (address.isEmpty() && (isSpecial || at >= 0)) {
      throw new UrlException("it has no host");
    }
    parseAddress(address);
    path = UrlPath.absolute(rest.substring(end), isSpecial);
  }

  private void parseCredentials(String credentials) {
    int colon = credentials.indexOf(':');
    username =
        PercentEncoding.USER_INFO.encode(colon < 0 ? credentials : credentials.substring(0, colon));
    password = colon < 0 ? "" : PercentEncoding.USER_INFO.encode(credentials.substring(colon + 1));
  }

  private void parseAddress(String address) {
    int colon = address.indexOf(':', Math.max(0, address.lastIndexOf(']')));
    var name = colon < 0 ? address : address.substring(0, colon);
    if (name.isEmpty() && colon >= 0) {
      throw new UrlException("it has no host");
    }
    host = Optional.of(Host.parse(name, Url.isSpecial(scheme)));
    port = colon < 0 ? OptionalInt.empty() : port(address.substring(colon + 1));
  }

  private OptionalInt port(String digits) {
    if (!DIGITS.matcher(digits).matches()) {
      throw new UrlException("its port is not a number");
    }
    var number = digits.replaceFirst("^0+(?=.)", "");
    if (number.length() > 5 || (!number.isEmpty() && Integer.parseInt(number) > MAX_PORT)) {
      throw new UrlException("its port is larger than " + MAX_PORT);
    }
    var given = number.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(number));
    return given.equals(Url.defaultPort(scheme)) ? OptionalInt.empty() : given;
  }
}
