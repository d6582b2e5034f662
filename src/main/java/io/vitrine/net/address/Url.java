package io.vitrine.net.address;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A URL, validated and normalised by the WHATWG URL standard: everything that must be encoded is,
 * hosts are lower case, addresses canonical, default ports omitted, and dot segments resolved.
 * Windows drive letters, which the standard treats specially in {@code file} URLs, have no meaning
 * here.
 *
 * @param scheme in lower case, without its colon
 * @param username encoded; may be empty
 * @param password encoded; may be empty
 * @param host a name, an IPv4 address or an IPv6 address in brackets; encoded
 * @param port absent if it is the scheme's default
 * @param path encoded; with a host it is empty or begins with a slash
 * @param query encoded, without its question mark
 * @param fragment encoded, without its number sign
 */
public record Url(
    String scheme,
    String username,
    String password,
    Optional<String> host,
    OptionalInt port,
    String path,
    Optional<String> query,
    Optional<String> fragment) {
  private static final Map<String, Integer> PORTS =
      Map.of("http", 80, "https", 443, "ws", 80, "wss", 443, "ftp", 21);

  /**
   * Parses an absolute URL.
   *
   * @throws UrlException if it is invalid; no other exception is thrown
   */
  public static Url parse(String text) {
    return new UrlParser(text).parse(Optional.empty());
  }

  /** Parses an absolute http or https URL, which has a host. */
  public static Url parseHttp(String text) {
    var url = parse(text);
    if (!url.isHttp()) {
      throw new UrlException("it is neither an http nor an https URL");
    }
    return url;
  }

  /**
   * Resolves a reference, such as a redirect's, against this URL.
   *
   * @throws UrlException if the result is invalid
   */
  public Url resolve(String reference) {
    return new UrlParser(reference).parse(Optional.of(this));
  }

  static OptionalInt defaultPort(String scheme) {
    var port = PORTS.get(scheme);
    return port == null ? OptionalInt.empty() : OptionalInt.of(port);
  }

  /** Whether URLs of the scheme always have a host. */
  static boolean isSpecial(String scheme) {
    return PORTS.containsKey(scheme);
  }

  boolean isSpecial() {
    return isSpecial(scheme);
  }

  /** Whether the path is opaque, as in {@code mailto:}. */
  boolean isOpaque() {
    return host.isEmpty() && !path.startsWith("/");
  }

  /** Whether the scheme is http or https. */
  public boolean isHttp() {
    return scheme.equals("http") || isSecure();
  }

  /** Whether the scheme is https. */
  public boolean isSecure() {
    return scheme.equals("https");
  }

  /** Whether the URL contains a user name or password. */
  public boolean hasCredentials() {
    return !username.isEmpty() || !password.isEmpty();
  }

  /** The host as a resolver takes it, without brackets; empty if there is none. */
  public String hostName() {
    var name = host.orElse("");
    return name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
  }

  /** The port to connect to; 0 if neither the URL nor the scheme defines one. */
  public int effectivePort() {
    return port.orElseGet(() -> defaultPort(scheme).orElse(0));
  }

  /** The host, with the port unless it is the default. */
  public String authority() {
    return host.orElse("") + (port.isPresent() ? ":" + port.getAsInt() : "");
  }

  /** The target of an HTTP request: path and query. */
  public String target() {
    return path + query.map(text -> "?" + text).orElse("");
  }

  /** The decoded segments of the path after its first slash. */
  public List<String> segments() {
    var parts = List.of(path.split("/", -1));
    return parts.subList(1, parts.size()).stream().map(PercentEncoding::decode).toList();
  }

  /** The path, decoded. */
  public String decodedPath() {
    return PercentEncoding.decode(path);
  }

  /** The URL without its fragment, which is never sent. */
  public Url withoutFragment() {
    return new Url(scheme, username, password, host, port, path, query, Optional.empty());
  }

  /** The URL without user name and password. */
  public Url withoutCredentials() {
    return new Url(scheme, "", "", host, port, path, query, fragment);
  }

  /**
   * This URL with a path, and perhaps a query, appended in place of its query and fragment; a slash
   * at the end of this URL's path does not count.
   */
  public Url below(String text) {
    var base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return new Url(scheme, username, password, host, port, base, Optional.empty(), Optional.empty())
        .append(text);
  }

  private Url append(String text) {
    return parse(this + (text.startsWith("/") || text.isEmpty() ? text : "/" + text));
  }

  /**
   * The URL for libraries that require {@code java.net.URI}.
   *
   * @throws UrlException if that class rejects it, as for hosts with underscores
   */
  public URI toUri() {
    try {
      return new URI(toString()).parseServerAuthority();
    } catch (URISyntaxException unsupported) {
      throw new UrlException("a library does not accept its form");
    }
  }

  @Override
  public String toString() {
    var text = new StringBuilder(scheme).append(':');
    if (host.isPresent()) {
      text.append("//").append(userInfo()).append(authority());
    } else if (path.startsWith("//")) {
      text.append("/."); // otherwise the path would be parsed as a host
    }
    text.append(target());
    fragment.ifPresent(part -> text.append('#').append(part));
    return text.toString();
  }

  private String userInfo() {
    if (!hasCredentials()) {
      return "";
    }
    return username + (password.isEmpty() ? "" : ":" + password) + "@";
  }
}
