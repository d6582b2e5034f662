package io.vitrine.app;

import static io.vitrine.app.lifecycle.Lifecycle.await;

import io.vitrine.app.lifecycle.Lifecycle;
import io.vitrine.catalog.events.OutboxQueue;
import io.vitrine.observe.metrics.RelayMeters;
import io.vitrine.upkeep.relay.RelayVerticle;

/** The verticles that send notifications, one for each sink; every process has them. */
record RelayRole(SharedParts shared, Lifecycle lifecycle) {
  void start() throws Exception {
    var vertx = shared.vertx();
    var config = shared.config().notifications();
    for (var sink : config.open(vertx)) {
      var queue = new OutboxQueue(shared.pool(), sink.name());
      var meters = new RelayMeters(shared.meters(), sink.name());
      var relay = await(vertx.deployVerticle(new RelayVerticle(queue, sink, meters, config)));
      lifecycle.onClose("relay to " + sink.name(), () -> await(vertx.undeploy(relay)));
    }
  }
}
