package io.vitrine.api.data;

import io.vertx.core.eventbus.EventBus;
import io.vitrine.transfer.bus.Addresses;
import java.util.UUID;

/**
 * The removal of data: what may be removed, and what follows.
 *
 * @param inUse refuses to remove data that others depend on
 */
public record DataRemoval(DataInUse inUse, EventBus bus) {
  /** Has the data of removed blobs collected at once rather than at the next round. */
  public void collect() {
    bus.publish(Addresses.GARBAGE_WAKE, "");
  }

  /** Stops writing a blob that is no longer wanted. */
  public void discard(UUID blob) {
    bus.publish(Addresses.STORE_DISCARD, blob.toString());
  }
}
