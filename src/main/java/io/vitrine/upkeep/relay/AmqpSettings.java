package io.vitrine.upkeep.relay;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An AMQP 0-9-1 broker and the topics to publish to.
 *
 * @param hosts with or without ports, tried in order
 * @param trust TLS with certificate verification; empty: no TLS
 * @param durable whether exchange and queues, if they are created here, survive a restart of the
 *     broker
 * @param timeout for connecting, and for each batch
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

  /** The account on the broker. */
  public record Login(String username, String password, String virtualHost) {
    @Override
    public String toString() {
      return username + " at " + virtualHost;
    }
  }

  /**
   * TLS settings.
   *
   * @param caFile CA certificates in PEM, trusted instead of the JDK's
   */
  public record Trust(Optional<Path> caFile) {}

  /**
   * The destination of notifications.
   *
   * @param names the prefixes of queue names; the priority follows
   */
  public record Topics(String exchange, List<String> names) {
    /** Copies the list. */
    public Topics {
      names = List.copyOf(names);
    }
  }
}
