package io.vitrine.app;

import static io.vitrine.app.Lifecycle.await;

import io.vertx.core.Vertx;
import io.vitrine.catalog.events.OutboxQueue;
import io.vitrine.notification.Subscription;
import io.vitrine.observe.metrics.RelayMeters;
import io.vitrine.upkeep.relay.AmqpSettings;
import io.vitrine.upkeep.relay.AmqpSink;
import io.vitrine.upkeep.relay.NotificationsConfig;
import io.vitrine.upkeep.relay.RelayVerticle;
import io.vitrine.upkeep.relay.Sink;
import io.vitrine.upkeep.relay.WebhookSink;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Creates the relays that send notifications to the configured sinks. */
record RelayWiring(NotificationsConfig config) {
  /** The event types that each sink receives. */
  Subscription subscription() {
    var sinks = new HashSet<String>();
    if (!config.amqp().hosts().isEmpty()) {
      sinks.add(AmqpSink.NAME);
    }
    config.webhook().urls().forEach(url -> sinks.add(WebhookSink.nameOf(url)));
    return Subscription.of(sinks, config.disabled());
  }

  /** Starts a relay for each sink. */
  void start(Wiring wiring, Lifecycle lifecycle) throws Exception {
    var vertx = wiring.vertx();
    var bounds = new RelayVerticle.Bounds(config.maxPending(), config.keepFor());
    for (var sink : sinks(vertx)) {
      var relay =
          new RelayVerticle(
              new OutboxQueue(wiring.pool(), sink.name()),
              sink,
              new RelayMeters(wiring.meters(), sink.name()),
              bounds);
      var id = await(vertx.deployVerticle(relay));
      lifecycle.onClose("relay to " + sink.name(), () -> await(vertx.undeploy(id)));
    }
  }

  private List<Sink> sinks(Vertx vertx) throws Exception {
    var sinks = new ArrayList<Sink>();
    if (!config.amqp().hosts().isEmpty()) {
      sinks.add(new AmqpSink(vertx, amqp()));
    }
    var webhook = config.webhook();
    var settings =
        new WebhookSink.Settings(
            config.publisherId(), webhook.secret().value(), webhook.caFile(), webhook.timeout());
    webhook.urls().stream()
        .distinct()
        .forEach(url -> sinks.add(new WebhookSink(vertx, url, settings)));
    return sinks;
  }

  private AmqpSettings amqp() {
    var amqp = config.amqp();
    return new AmqpSettings(
        config.publisherId(),
        amqp.hosts(),
        new AmqpSettings.Login(amqp.username(), amqp.password().value(), amqp.virtualHost()),
        amqp.tls() ? Optional.of(new AmqpSettings.Trust(amqp.caFile())) : Optional.empty(),
        new AmqpSettings.Topics(amqp.exchange(), amqp.topics()),
        amqp.durable(),
        amqp.timeout());
  }
}
