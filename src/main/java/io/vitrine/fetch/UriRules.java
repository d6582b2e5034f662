package io.vitrine.fetch;

import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The check that a URL can pass without asking anybody: its form, scheme, port and host. It is made
 * when the user names the URL and again for every redirect; {@link AddressRules} follow once the
 * host is resolved.
 */
public final class UriRules {
  private static final int MAX_LENGTH = 4096;

  private static final String NO_HOST =
      "The URL must name a host, in letters, digits, hyphens and dots, or by an address in its"
          + " usual notation.";

  private final UrlFilter filter;
  private final AddressRules addresses;

  /** Applies the given rules. */
  public UriRules(FetchRules rules) {
    this.filter = rules.filter();
    this.addresses = new AddressRules(rules.networks());
  }

  /**
   * The URL to fetch, without its fragment.
   *
   * @throws ProblemException with {@link Problem.Invalid} that says what is wrong with it
   */
  public URI check(String text) {
    var uri = parse(text);
    checkScheme(uri);
    if (uri.getRawUserInfo() != null) {
      throw invalid("The URL must not hold a user name or password.");
    }
    checkHost(uri.getHost());
    checkPort(port(uri));
    return uri;
  }

  /** The port that is connected to: the one given or the default one of the scheme. */
  static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return isSecure(uri) ? 443 : 80;
  }

  /** Whether the URL asks for TLS. */
  static boolean isSecure(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  /** The host as it is resolved: lower case, no brackets, no final dot. */
  static String host(URI uri) {
    return plainHost(uri.getHost());
  }

  private static URI parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw invalid("The URL is longer than " + MAX_LENGTH + " characters.");
    }
    int fragment = text.indexOf('#');
    try {
      // Everything is sent as ASCII: what the user may write as is, servers expect encoded.
      return new URI(new URI(fragment < 0 ? text : text.substring(0, fragment)).toASCIIString());
    } catch (URISyntaxException malformed) {
      throw invalid("The URL is not well-formed.");
    }
  }

  private void checkScheme(URI uri) {
    var scheme = uri.getScheme();
    if (scheme == null || !filter.permittedSchemes().contains(scheme.toLowerCase(Locale.ROOT))) {
      throw invalid(
          "The URL must start with "
              + String.join(" or ", filter.permittedSchemes().stream().map(s -> s + "://").toList())
              + ".");
    }
  }

  private void checkPort(int port) {
    if (!filter.permitsPort(port)) {
      throw invalid("Port " + port + " is not one that images may be fetched from.");
    }
  }

  private void checkHost(@Nullable String given) {
    if (given == null) {
      throw invalid(NO_HOST);
    }
    var host = plainHost(given);
    var literal = AddressLiteral.parse(host);
    if (literal.isEmpty() && (AddressLiteral.looksNumeric(host) || host.indexOf(':') >= 0)) {
      throw invalid(NO_HOST);
    }
    if (!filter.permitsHost(host)
        || literal.filter(address -> !addresses.permits(address)).isPresent()) {
      throw invalid("The host is not one that images may be fetched from.");
    }
  }

  private static String plainHost(String given) {
    var host = given.toLowerCase(Locale.ROOT);
    if (host.startsWith("[")) {
      return host.substring(1, host.length() - 1);
    }
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  private static ProblemException invalid(String detail) {
    return new ProblemException(new Problem.Invalid(detail));
  }
}
