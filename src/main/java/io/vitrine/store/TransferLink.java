package io.vitrine.store;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vitrine.transfer.bus.Message;
import java.time.Duration;

/**
 * The way to the other side of a transfer.
 *
 * @param consumer hears the other side
 * @param peer the address at which the other side hears this one
 * @param idleTimeout how long the other side may be silent
 */
record TransferLink(
    Vertx vertx, MessageConsumer<Message> consumer, String peer, Duration idleTimeout) {
  /** The address at which this side hears the other. */
  String address() {
    return consumer.address();
  }

  void send(Message message) {
    vertx.eventBus().send(peer, message);
  }

  /** Looks after the other side several times within the timeout. */
  long startClock(Runnable tick) {
    return vertx.setPeriodic(Math.max(1, idleTimeout.toMillis() / 4), each -> tick.run());
  }

  /** Whether the other side, or the disk, has been silent for too long. */
  boolean isOverdue(long sinceNanos) {
    return System.nanoTime() - sinceNanos > idleTimeout.toNanos();
  }

  /** Stops to hear the other side. */
  void close(long clock) {
    vertx.cancelTimer(clock);
    consumer.unregister();
  }
}
