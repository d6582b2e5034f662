package io.vitrine.net.uwsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The target of a request: path and query within this service, and the path at which the front
 * offers this service, which is empty or begins with a slash and does not end with one.
 */
record RequestTarget(String uri, String mountPoint) {
  /** Excludes what no client can send in a request line: blanks and control characters. */
  private static final Pattern SENDABLE = Pattern.compile("[\\x21-\\x7e\\x80-\\xff]+");

  /** Paths as they may appear in links (RFC 3986, 3.3). */
  private static final Pattern PATH = Pattern.compile("[-\\w.~!$&'()*+,;=:@/%]+");

  private static final Pattern ABSOLUTE = Pattern.compile("[hH][tT][tT][pP][sS]?://[^/?#]*");
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  static RequestTarget of(Variables variables) throws RefusedPacketException {
    var mount = withoutSlash(variables.text("SCRIPT_NAME", PATH));
    var path = variables.text("PATH_INFO");
    var query = variables.text("QUERY_STRING", SENDABLE);
    var sent = variables.text("REQUEST_URI", SENDABLE);
    if (sent.isEmpty()) {
      return new RequestTarget(
          rooted(encoded(path)) + (query.isEmpty() ? "" : "?" + query), rootedOrEmpty(mount));
    }
    var uri = ABSOLUTE.matcher(sent).lookingAt() ? relative(sent) : sent;
    if (!query.isEmpty() && path.endsWith("?" + query)) {
      // Apache with nocanon: PATH_INFO includes the query, and the length of SCRIPT_NAME is
      // computed from that.
      mount = mountBefore(uri, path);
    }
    return isBelow(uri, mount)
        ? new RequestTarget(rooted(uri.substring(mount.length())), mount)
        : new RequestTarget(uri, "");
  }

  private static String relative(String uri) {
    var matcher = ABSOLUTE.matcher(uri);
    return rooted(uri.substring(matcher.lookingAt() ? matcher.end() : 0));
  }

  /** The part of the URI before the path that the front reports. */
  private static String mountBefore(String uri, String path) {
    return uri.endsWith(path) ? withoutSlash(uri.substring(0, uri.length() - path.length())) : "";
  }

  private static boolean isBelow(String uri, String mount) {
    return mount.startsWith("/")
        && uri.startsWith(mount)
        && (uri.length() == mount.length() || "/?".indexOf(uri.charAt(mount.length())) >= 0);
  }

  private static String withoutSlash(String path) {
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }

  private static String rooted(String uri) {
    return uri.startsWith("/") ? uri : "/" + uri;
  }

  private static String rootedOrEmpty(String path) {
    return path.isEmpty() ? "" : rooted(path);
  }

  /** The path as a client sends it; PATH_INFO is decoded. */
  private static String encoded(String path) {
    var text = new StringBuilder(path.length());
    for (byte each : path.getBytes(ISO_8859_1)) {
      char character = (char) Byte.toUnsignedInt(each);
      if (character != '%' && PATH.matcher(String.valueOf(character)).matches()) {
        text.append(character);
      } else {
        HEX.toHexDigits(text.append('%'), each);
      }
    }
    return text.toString();
  }
}
