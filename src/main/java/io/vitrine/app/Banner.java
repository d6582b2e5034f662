package io.vitrine.app;

import io.vitrine.net.address.Url;
import io.vitrine.settings.Role;
import io.vitrine.settings.VitrineConfig;
import java.util.Set;

/** The banner on the terminal: where Vitrine listens, and what to try first. */
final class Banner {
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "");
  private static final Set<String> EVERYWHERE_IN_IPV6 = Set.of("::", "0:0:0:0:0:0:0:0");

  private Banner() {}

  static String of(VitrineConfig config, int port, int managementPort) {
    var management = "http://" + reachable(config.management().host(), managementPort);
    if (!config.roles().contains(Role.HTTP)) {
      return "Vitrine runs with the roles %s; metrics and health at %s.%n"
          .formatted(config.roles(), management);
    }
    var api = api(config, port);
    return """
    Vitrine serves the Image API at %1$s (metrics and health at %2$s).
    Data lies in %3$s.

    Try:
    %4$s
    """
        .formatted(api, management, config.data().dir(), config.identity().used().examples(api));
  }

  /** The URL of the API: the configured one, or an address of this machine. */
  private static String api(VitrineConfig config, int port) {
    var http = config.http();
    var scheme = http.tls().certificate().isPresent() ? "https://" : "http://";
    return http.front()
        .publicEndpoint()
        .map(Url::toString)
        .map(url -> url.replaceFirst("/$", ""))
        .orElseGet(() -> scheme + reachable(http.host(), port) + http.front().pathPrefix());
  }

  /** Replaces the wildcard address, which no client can connect to. */
  private static String reachable(String host, int port) {
    if (EVERYWHERE.contains(host)) {
      return "127.0.0.1:" + port;
    }
    if (EVERYWHERE_IN_IPV6.contains(host)) {
      return "[::1]:" + port;
    }
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
