package io.vitrine.net.proxy;

import io.vitrine.config.Section;
import io.vitrine.net.UrlKeys;
import io.vitrine.net.address.Url;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is in front of the API. Without a public endpoint, links use the host of the request. The
 * path prefix is empty, or begins with a slash and does not end with one.
 */
public record FrontConfig(
    Optional<Url> publicEndpoint,
    String pathPrefix,
    List<String> trustedProxies,
    boolean proxyProtocol) {
  private static final Pattern PROXY =
      Pattern.compile(
          "loopback|\\d{1,3}(\\.\\d{1,3}){3}(/([0-9]|[12][0-9]|3[0-2]))?"
              + "|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(/(\\d{1,2}|1[01]\\d|12[0-8]))?");

  private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9._~-]+)*");

  /** Copies the list. */
  public FrontConfig {
    trustedProxies = List.copyOf(trustedProxies);
  }

  /** Reads these keys among those of a section. */
  public static FrontConfig from(Section section) {
    var config =
        new FrontConfig(
            UrlKeys.url(section, "public_endpoint"),
            section.text("path_prefix", PREFIX, "empty or a path such as /image"),
            section.texts(
                "trusted_proxies", PROXY, "loopback, addresses and networks such as 10.1.0.0/16"),
            section.flag("proxy_protocol"));
    section.require(
        !config.proxyProtocol || !config.trustedProxies.isEmpty(),
        "proxy_protocol",
        "needs trusted_proxies, since only these may connect");
    return config;
  }

  /** The proxies whose headers are trusted. */
  TrustedProxies trusted() {
    return TrustedProxies.parse(trustedProxies);
  }

  /**
   * The only addresses that may connect, each connection starting with a PROXY protocol header;
   * empty if anyone may connect, without that header.
   */
  public Optional<TrustedProxies> proxyProtocolFrom() {
    return proxyProtocol ? Optional.of(trusted()) : Optional.empty();
  }
}
