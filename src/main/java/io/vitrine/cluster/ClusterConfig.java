package io.vitrine.cluster;

import io.vitrine.config.Secret;
import io.vitrine.config.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Discovery and communication of nodes.
 *
 * @param secret part of the cluster's name, shared by all nodes
 * @param dnsName resolves to the addresses of all nodes; empty: the members are used
 * @param members hosts, or host:port
 * @param host the address of this node for others; empty: detected
 * @param requestTimeout after which a silent node counts as unreachable
 * @param patience how long an import waits for an unreachable node
 */
public record ClusterConfig(
    boolean enabled,
    String name,
    Secret secret,
    String dnsName,
    List<String> members,
    String host,
    int port,
    int eventBusPort,
    Heartbeat heartbeat,
    Merge merge,
    Duration requestTimeout,
    Duration patience,
    Tls tls) {
  private static final Pattern MEMBER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?");

  /** Copies the members. */
  public ClusterConfig {
    members = List.copyOf(members);
  }

  /** Reads the section. */
  public static ClusterConfig from(Section section) {
    var config =
        new ClusterConfig(
            section.flag("enabled"),
            section.text("name"),
            section.secret("secret"),
            section.text("dns_name"),
            section.texts("members", MEMBER, "a host or host:port"),
            section.text("host"),
            section.integer("port", 1, 65_535),
            section.integer("event_bus_port", 1, 65_535),
            Heartbeat.from(section.section("heartbeat")),
            Merge.from(section.section("merge")),
            section.duration("request_timeout", "100ms", "5m"),
            section.duration("patience", "0s", "30d"),
            Tls.from(section.section("tls")));
    section.require(
        !config.enabled || !config.dnsName.isEmpty() || !config.members.isEmpty(),
        "dns_name",
        "a cluster needs dns_name or members");
    return config;
  }

  /**
   * Failure detection: the interval of heartbeats, and the silence after which a node counts as
   * gone.
   */
  public record Heartbeat(Duration interval, Duration timeout) {
    static Heartbeat from(Section section) {
      var heartbeat =
          new Heartbeat(
              section.duration("interval", "1s", "1m"), section.duration("timeout", "2s", "10m"));
      section.require(
          heartbeat.timeout.compareTo(heartbeat.interval) > 0,
          "timeout",
          "must be longer than the interval");
      return heartbeat;
    }
  }

  /** When separated nodes look for each other: first after a start, then periodically. */
  public record Merge(Duration firstDelay, Duration nextDelay) {
    static Merge from(Section section) {
      return new Merge(
          section.duration("first_delay", "1s", "1h"), section.duration("next_delay", "1s", "1h"));
    }
  }

  /** TLS on the event bus; either all three files are set or none. */
  public record Tls(Optional<Path> certificate, Optional<Path> key, Optional<Path> ca) {
    static Tls from(Section section) {
      var tls = new Tls(section.file("certificate"), section.file("key"), section.file("ca"));
      section.require(
          tls.certificate.isPresent() == tls.key.isPresent()
              && tls.key.isPresent() == tls.ca.isPresent(),
          "certificate",
          "certificate, key and ca must be given together");
      return tls;
    }
  }
}
