package io.vitrine.upkeep.relay;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A broker of AMQP 0-9-1 and what is sent there.
 *
 * @param hosts with ports or without, tried in turn
 * @param trust TLS, checked against certificates; empty for none
 * @param durable whether exchange and queues, if they are not there yet, outlive the broker
 * @param timeout of connections, and of each batch
 */
public record AmqpSettings(
    String publisher,
    List<String> hosts,
    Login login,
    Optional<Trust> trust,
    Topics topics,
    boolean durable,
    Duration timeout) {
  /** Copies the list. */
  public AmqpSettings {
    hosts = List.copyOf(hosts);
  }

  /** Who this is to the broker. */
  public record Login(String username, String password, String virtualHost) {
    @Override
    public String toString() {
      return username + " at " + virtualHost;
    }
  }

  /**
   * That TLS is wanted.
   *
   * @param caFile certificates in PEM that are trusted instead of the JDK's
   */
  public record Trust(Optional<Path> caFile) {}

  /**
   * Where notifications go.
   *
   * @param names what the names of queues begin with, before the priority
   */
  public record Topics(String exchange, List<String> names) {
    /** Copies the list. */
    public Topics {
      names = List.copyOf(names);
    }
  }
}
