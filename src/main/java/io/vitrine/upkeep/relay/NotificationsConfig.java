package io.vitrine.upkeep.relay;

import io.vertx.core.Vertx;
import io.vitrine.config.Secret;
import io.vitrine.config.Section;
import io.vitrine.net.UrlKeys;
import io.vitrine.net.address.Url;
import io.vitrine.notification.Subscription;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The sinks of notifications; without AMQP hosts and webhook URLs there are none.
 *
 * @param publisherId the sender named in notifications
 * @param disabled types of notifications not to send, or prefixes that end before a dot
 * @param maxPending the most notifications waiting for each sink
 * @param keepFor how long they may wait
 */
public record NotificationsConfig(
    String publisherId,
    List<String> disabled,
    int maxPending,
    Duration keepFor,
    Amqp amqp,
    Webhook webhook) {
  private static final Pattern NAMES = Pattern.compile("[a-z_]{1,64}(\\.[a-z_]{1,64}){0,3}");
  private static final Pattern PUBLISHER = Pattern.compile("[A-Za-z0-9._:/-]{1,255}");

  /** Copies the list. */
  public NotificationsConfig {
    disabled = List.copyOf(disabled);
  }

  /**
   * RabbitMQ, or another AMQP 0-9-1 broker.
   *
   * @param hosts with or without ports, tried in turn
   * @param durable whether exchange and queues, if created here, survive a restart of the broker
   * @param timeout of connecting, and of each batch
   */
  public record Amqp(
      List<String> hosts,
      String username,
      Secret password,
      String virtualHost,
      boolean tls,
      Optional<Path> caFile,
      String exchange,
      List<String> topics,
      boolean durable,
      Duration timeout) {
    private static final Pattern HOST =
        Pattern.compile("(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]{1,253})(:[0-9]{1,5})?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,100}");

    /** Copies the lists. */
    public Amqp {
      hosts = List.copyOf(hosts);
      topics = List.copyOf(topics);
    }

    static Amqp from(Section section) {
      var config =
          new Amqp(
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
  }

  /**
   * Receivers of CloudEvents over HTTP.
   *
   * @param secret the key of the signatures
   * @param timeout of one request
   */
  public record Webhook(List<Url> urls, Secret secret, Optional<Path> caFile, Duration timeout) {
    /** Copies the list. */
    public Webhook {
      urls = List.copyOf(urls);
    }

    static Webhook from(Section section) {
      var config =
          new Webhook(
              UrlKeys.urls(section, "urls"),
              section.secret("secret"),
              section.file("ca_file"),
              section.duration("timeout", "1s", "1m"));
      section.require(
          config.urls.isEmpty() || !config.secret.value().isEmpty(),
          "secret",
          "webhooks need a key to sign with");
      return config;
    }
  }

  /** Reads the section. */
  public static NotificationsConfig from(Section section) {
    return new NotificationsConfig(
        section.text("publisher_id", PUBLISHER, "a name such as image.localhost"),
        section.texts("disabled", NAMES, "names such as image.send or metadef_tag"),
        section.integer("max_pending", 1, 10_000_000),
        section.duration("keep_for", "1m", "365d"),
        Amqp.from(section.section("amqp")),
        Webhook.from(section.section("webhook")));
  }

  private boolean usesAmqp() {
    return !amqp.hosts.isEmpty();
  }

  /** The event types that each sink receives. */
  public Subscription subscription() {
    var sinks = new HashSet<String>();
    if (usesAmqp()) {
      sinks.add(AmqpSink.NAME);
    }
    webhook.urls.forEach(url -> sinks.add(WebhookSink.nameOf(url)));
    return Subscription.of(sinks, disabled);
  }

  /** Opens the configured sinks. */
  public List<Sink> open(Vertx vertx) throws Exception {
    var sinks = new ArrayList<Sink>();
    if (usesAmqp()) {
      sinks.add(new AmqpSink(vertx, this));
    }
    webhook.urls.stream().distinct().forEach(url -> sinks.add(new WebhookSink(vertx, url, this)));
    return sinks;
  }
}
