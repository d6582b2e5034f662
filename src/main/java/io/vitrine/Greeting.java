package io.vitrine;

import io.vitrine.config.Role;
import io.vitrine.config.VitrineConfig;

/** What a person sees who has started Vitrine: where it listens, and what to try first. */
final class Greeting {
  private Greeting() {}

  static String of(VitrineConfig config, int port, int managementPort) {
    var management = "http://%s:%d".formatted(config.management().host(), managementPort);
    if (!config.roles().contains(Role.HTTP)) {
      return "Vitrine runs with the roles %s; metrics and health at %s.%n"
          .formatted(config.roles(), management);
    }
    var api = "http://%s:%d".formatted(config.http().host(), port);
    return """
    Vitrine serves the Image API at %1$s (metrics and health at %2$s).
    Data lies in %3$s.

    Try:
      openstack --os-auth-type none --os-endpoint %1$s image create --disk-format qcow2 --container-format bare --file disk.qcow2 first
      openstack --os-auth-type none --os-endpoint %1$s image list
      curl -O --output-dir /tmp %1$s/v2/images/ID/file

    """
        .formatted(api, management, config.data().dir());
  }
}
