package io.vitrine.store.node;

import io.vitrine.store.blob.BlobStore;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stores of a node and what calls them. A store that is still in a call when they close stays
 * open until the process ends, because a native library must not be closed in mid-call.
 */
public record NodeStores(List<BlobStore> stores, StorePools pools, StoreWatch watch) {
  private static final Logger log = LoggerFactory.getLogger(NodeStores.class);
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** Copies the list. */
  public NodeStores {
    stores = List.copyOf(stores);
  }

  /** Stops the calls, then closes the stores, each within a deadline. */
  public void close() {
    watch.close();
    pools.close();
    var closing = stores.stream().filter(this::isIdle).map(NodeStores::close).toList();
    try {
      for (var thread : closing) {
        thread.join(DEADLINE);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isIdle(BlobStore store) {
    boolean isIdle = pools.isIdle(store) && watch.isIdle(store);
    if (!isIdle) {
      log.atWarn().addKeyValue("store", store.id()).log("The store is busy and is not closed");
    }
    return isIdle;
  }

  private static Thread close(BlobStore store) {
    return Thread.ofPlatform()
        .name("store-close-" + store.id())
        .daemon()
        .start(
            () -> {
              try {
                store.close();
              } catch (RuntimeException failure) {
                log.atWarn()
                    .addKeyValue("store", store.id())
                    .setCause(failure)
                    .log("Cannot close the store");
              }
            });
  }
}
