package io.vitrine.app;

import io.vitrine.net.address.Url;
import io.vitrine.settings.Role;
import io.vitrine.settings.VitrineConfig;
import java.util.Set;

/** The greeting on the terminal: where Vitrine listens, and what to try first. */
final class Greeting {
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "");
  private static final Set<String> EVERYWHERE_IN_IPV6 = Set.of("::", "0:0:0:0:0:0:0:0");

  private Greeting() {}

  static String of(VitrineConfig config, int port, int managementPort) {
    var management = "http://" + reachable(config.management().host(), managementPort);
    if (!config.roles().contains(Role.HTTP)) {
      return "Vitrine runs with the roles %s; metrics and health at %s.%n"
          .formatted(config.roles(), management);
    }
    return """
    Vitrine serves the Image API at %1$s (metrics and health at %2$s).
    Data lies in %3$s.

    Try:
    %4$s
    """
        .formatted(api(config, port), management, config.data().dir(), examples(config, port));
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

  private static String examples(VitrineConfig config, int port) {
    var lines =
        switch (config.identity().kind()) {
          case "keystone" ->
              """
                # CLOUD is an entry of clouds.yaml, in whose catalog the image service is %1$s
                openstack --os-cloud CLOUD image create --disk-format qcow2 --container-format bare --file disk.qcow2 first
                openstack --os-cloud CLOUD image list
                curl -H "X-Auth-Token: $(openstack --os-cloud CLOUD token issue -f value -c id)" -o disk.qcow2 %1$s/v2/images/ID/file
              """;
          case "oidc" ->
              """
                # TOKEN holds an access token of your OpenID Connect provider
                openstack --os-auth-type admin_token --os-endpoint %1$s --os-token "$TOKEN" image create --disk-format qcow2 --container-format bare --file disk.qcow2 first
                openstack --os-auth-type admin_token --os-endpoint %1$s --os-token "$TOKEN" image list
                curl -H "Authorization: Bearer $TOKEN" -o disk.qcow2 %1$s/v2/images/ID/file
              """;
          default ->
              """
                openstack --os-auth-type none --os-endpoint %1$s image create --disk-format qcow2 --container-format bare --file disk.qcow2 first
                openstack --os-auth-type none --os-endpoint %1$s image list
                curl -o disk.qcow2 %1$s/v2/images/ID/file
              """;
        };
    return lines.formatted(api(config, port));
  }
}
