package io.vitrine.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import io.vitrine.transfer.bus.Addresses;
import java.util.List;

/** Forwards published hints between nodes. A lost hint only costs time, as receivers also poll. */
final class Hints {
  private static final List<String> ADDRESSES =
      List.of(Addresses.IMPORT_WAKE, Addresses.STORE_DISCARD, Addresses.CACHE_FORGET);
  private static final String SHARED = "hints";

  /** Marks a hint from another node, which must not be forwarded again. */
  private static final String FROM = "from";

  private final Vertx local;
  private final String node;
  private final Vertx shared;

  private Hints(Vertx local, Vertx shared, String node) {
    this.local = local;
    this.shared = shared;
    this.node = node;
  }

  /** Forwards hints between the local bus and the shared one until the latter is closed. */
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
