package io.vitrine.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How nodes find and hear each other.
 *
 * @param secret part of the name that all nodes of a cluster share
 * @param dnsName has an address of each node; empty: the members are listed
 * @param members hosts, or host:port
 * @param host the address that other nodes reach this one at; empty: found out
 * @param requestTimeout after which another node that was asked counts as unreachable
 * @param patience how long an import waits for a node that cannot be reached
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

  static ClusterConfig from(Section section) {
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

  /** How nodes notice that others are gone. */
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

  /** When nodes that were apart look for each other: first after a start, then again and again. */
  public record Merge(Duration firstDelay, Duration nextDelay) {
    static Merge from(Section section) {
      return new Merge(
          section.duration("first_delay", "1s", "1h"), section.duration("next_delay", "1s", "1h"));
    }
  }

  /** Encryption of the event bus; all three files, or none. */
  public record Tls(Optional<Path> certificate, Optional<Path> key, Optional<Path> ca) {
    static Tls from(Section section) {
      var tls = new Tls(section.file("certificate"), section.file("key"), section.file("ca"));
      section.require(
          tls.certificate.isPresent() == tls.key.isPresent()
              && tls.key.isPresent() == tls.ca.isPresent(),
          "certificate",
          "certificate, key and ca are of use only together");
      return tls;
    }
  }
}
