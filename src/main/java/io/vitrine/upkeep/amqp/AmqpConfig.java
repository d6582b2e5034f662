package io.vitrine.upkeep.amqp;

import io.vertx.core.Vertx;
import io.vitrine.config.Key;
import io.vitrine.config.Secret;
import io.vitrine.config.Section;
import io.vitrine.upkeep.relay.Sink;
import io.vitrine.upkeep.relay.SinkConfig;
import io.vitrine.upkeep.relay.SinkKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * RabbitMQ, or another AMQP 0-9-1 broker.
 *
 * @param hosts with or without ports, tried in turn; without any, there is no sink
 * @param durable whether exchange and queues, if created here, survive a restart of the broker
 * @param timeout of connecting, and of each batch
 */
@Key("amqp")
public record AmqpConfig(
    List<String> hosts,
    String username,
    Secret password,
    String virtualHost,
    boolean tls,
    Optional<Path> caFile,
    String exchange,
    List<String> topics,
    boolean durable,
    Duration timeout)
    implements SinkConfig {

  /** A broker of messages. */
  public static final SinkKind KIND = new SinkKind("amqp", AmqpConfig::from);

  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]{1,253})(:[0-9]{1,5})?");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,100}");

  /** Copies the lists. */
  public AmqpConfig {
    hosts = List.copyOf(hosts);
    topics = List.copyOf(topics);
  }

  private static AmqpConfig from(Section section) {
    var config =
        new AmqpConfig(
            section.texts("hosts", HOST, "hosts such as broker.example.org:5671"),
            section.text("username"),
            section.secret("password"),
            section.text("virtual_host"),
            section.flag("tls"),
            section.file("ca_file"),
            section.text("exchange", NAME, "the name of an exchange"),
            section.texts("topics", NAME, "names of topics"),
            section.flag("durable"),
            section.duration("timeout", "1s", "1m"));
    section.require(!config.topics.isEmpty(), "topics", "there must be one");
    return config;
  }

  @Override
  public Set<String> names() {
    return hosts.isEmpty() ? Set.of() : Set.of(AmqpSink.NAME);
  }

  @Override
  public List<Sink> open(Vertx vertx, String publisher) throws Exception {
    return hosts.isEmpty() ? List.of() : List.of(new AmqpSink(vertx, this, publisher));
  }
}
