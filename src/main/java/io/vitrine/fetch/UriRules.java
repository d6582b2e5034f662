package io.vitrine.fetch;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.address.AddressLiteral;
import io.vitrine.net.address.AddressRules;
import io.vitrine.net.address.Url;
import io.vitrine.net.address.UrlException;
import java.util.regex.Pattern;

/**
 * Checks a URL without network access: its form, scheme, port and host. It runs when the user names
 * the URL and again on every redirect; {@link AddressRules} apply once the host is resolved.
 */
public final class UriRules {
  private static final int MAX_LENGTH = 4096;

  /** The URL standard would take the first path segment as the host, which nobody intends. */
  private static final Pattern WITHOUT_HOST = Pattern.compile("(?is)\\s*https?:[/\\\\]{3,}.*");

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
   * @throws ProblemException with {@link Problem.Invalid} and the reason
   */
  public Url check(String text) {
    var url = parse(text);
    checkScheme(url);
    if (url.hasCredentials()) {
      throw invalid("The URL must not contain a user name or password.");
    }
    checkHost(host(url));
    checkPort(url.effectivePort());
    return url;
  }

  /** The host for resolving: lower case, without brackets and final dot. */
  static String host(Url url) {
    var host = url.hostName();
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  private static Url parse(String text) {
    requireShort(text);
    if (WITHOUT_HOST.matcher(text).matches()) {
      throw invalid("The URL is not well-formed: it has no host.");
    }
    try {
      var url = Url.parse(text).withoutFragment();
      requireShort(url.toString());
      return url;
    } catch (UrlException malformed) {
      throw invalid("The URL is not well-formed: %s.".formatted(malformed.getMessage()));
    }
  }

  private static void requireShort(String text) {
    if (text.length() > MAX_LENGTH) {
      throw invalid("The URL is longer than " + MAX_LENGTH + " characters.");
    }
  }

  private void checkScheme(Url url) {
    if (!filter.permittedSchemes().contains(url.scheme())) {
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

  /** By now an address is in its canonical notation, however it was written. */
  private void checkHost(String host) {
    var literal = AddressLiteral.parse(host);
    if (host.isEmpty()
        || !filter.permitsHost(host)
        || literal.filter(address -> !addresses.permits(address)).isPresent()) {
      throw invalid("Images may not be fetched from this host.");
    }
  }
}
