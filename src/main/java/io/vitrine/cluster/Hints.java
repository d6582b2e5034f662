package io.vitrine.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import io.vitrine.transfer.bus.Addresses;
import java.util.List;

/**
 * Tells other nodes what is published on this one, and the reverse. What gets lost costs time only:
 * the receivers also look by themselves.
 */
final class Hints {
  private static final List<String> ADDRESSES =
      List.of(Addresses.IMPORT_WAKE, Addresses.STORE_DISCARD, Addresses.CACHE_FORGET);
  private static final String SHARED = "hints";

  /** Marks what has come from another node and is not to be told again. */
  private static final String FROM = "from";

  private final Vertx local;
  private final String node;
  private final Vertx shared;

  private Hints(Vertx local, Vertx shared, String node) {
    this.local = local;
    this.shared = shared;
    this.node = node;
  }

  /** Passes hints on between the bus of this node and the shared one, until that is closed. */
  static Future<Void> relay(Vertx local, Vertx shared, String node) {
    var hints = new Hints(local, shared, node);
    ADDRESSES.forEach(address -> local.eventBus().localConsumer(address, hints::tell));
    return shared
        .eventBus()
        .<JsonObject>consumer(SHARED, message -> hints.hear(message.body()))
        .completion();
  }

  private void tell(Message<String> hint) {
    if (!hint.headers().contains(FROM)) {
      shared
          .eventBus()
          .publish(
              SHARED,
              new JsonObject()
                  .put(FROM, node)
                  .put("address", hint.address())
                  .put("body", hint.body()));
    }
  }

  private void hear(JsonObject hint) {
    var from = hint.getString(FROM);
    var address = hint.getString("address");
    if (!from.equals(node) && ADDRESSES.contains(address)) {
      local
          .eventBus()
          .publish(address, hint.getString("body"), new DeliveryOptions().addHeader(FROM, from));
    }
  }
}
