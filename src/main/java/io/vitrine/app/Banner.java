package io.vitrine.app;

import io.vitrine.api.console.Console;
import io.vitrine.net.address.Url;
import io.vitrine.settings.Role;
import io.vitrine.settings.VitrineConfig;
import java.util.Optional;
import java.util.Set;

/**
 * What the process prints when it has started: where it listens, and what to try first, with an
 * address that works where this is read, or not at all.
 */
final class Banner {
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "");
  private static final Set<String> EVERYWHERE_IN_IPV6 = Set.of("::", "0:0:0:0:0:0:0:0");

  private final VitrineConfig config;
  private final Audience audience;

  private Banner(VitrineConfig config, Audience audience) {
    this.config = config;
    this.audience = audience;
  }

  /** The text, with the ports that are in use. */
  static String of(VitrineConfig config, Audience audience, int port, int managementPort) {
    return new Banner(config, audience).text(port, managementPort);
  }

  private String text(int port, int managementPort) {
    var management = "http://" + shown(config.management().host(), managementPort);
    if (!config.roles().contains(Role.HTTP)) {
      return "Vitrine runs with the roles %s; metrics and health at %s.%n"
          .formatted(config.roles(), management);
    }
    var serving =
        """
        Vitrine serves the Image API at %s (metrics and health at %s).
        Data lies in %s.
        """
            .formatted(api(port), management, config.data().dir());
    return usable(port).map(url -> serving + console(url) + examples(url)).orElse(serving);
  }

  private String console(String url) {
    return config.http().console().enabled()
        ? "Open the console at %s%s/ in a browser.\n".formatted(url, Console.PATH)
        : "";
  }

  private String examples(String url) {
    return "\nTry:\n" + config.identity().used().examples(url);
  }

  /** The API's address: the configured one, or that of the listener. */
  private String api(int port) {
    var scheme = config.http().tls().certificate().isPresent() ? "https://" : "http://";
    return configured()
        .orElseGet(
            () -> scheme + shown(config.http().host(), port) + config.http().front().pathPrefix());
  }

  private Optional<String> configured() {
    return config.http().front().publicEndpoint().map(Url::toString).map(Banner::withoutSlash);
  }

  private static String withoutSlash(String url) {
    return url.replaceFirst("/$", "");
  }

  /**
   * The API's address if the audience can use it. Certificates seldom name a listener's address,
   * and a listener with the PROXY protocol takes connections from proxies only.
   */
  private Optional<String> usable(int port) {
    boolean isDirect =
        audience == Audience.HERE
            && config.http().tls().certificate().isEmpty()
            && !config.http().front().proxyProtocol();
    return configured().or(() -> isDirect ? Optional.of(api(port)) : Optional.empty());
  }

  /** Clients cannot connect to the wildcard address. Outside, no better one is known. */
  private String shown(String host, int port) {
    if (audience == Audience.HERE && EVERYWHERE.contains(host)) {
      return "127.0.0.1:" + port;
    }
    if (audience == Audience.HERE && EVERYWHERE_IN_IPV6.contains(host)) {
      return "[::1]:" + port;
    }
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
