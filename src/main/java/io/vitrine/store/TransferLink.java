package io.vitrine.store;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.IdleLimit;

/**
 * The way to the other side of a transfer.
 *
 * @param consumer hears the other side
 * @param peer the address at which the other side hears this one
 * @param idle how long the other side may be silent
 */
record TransferLink(Vertx vertx, MessageConsumer<Message> consumer, String peer, IdleLimit idle) {
  /** The address at which this side hears the other. */
  String address() {
    return consumer.address();
  }

  void send(Message message) {
    vertx.eventBus().send(peer, message);
  }

  /** Stops to hear the other side. */
  void close(Runnable endWatch) {
    endWatch.run();
    consumer.unregister();
  }
}
