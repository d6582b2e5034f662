package io.vitrine.store.kind;

import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobStore;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The configuration of one store, by its kind: it opens the store, and describes it to callers. */
public interface StoreConfig {
  /**
   * Opens the store; empty if its data is on other servers, which have no blobs. Blocks.
   *
   * @param id the id of the store in the API
   */
  Optional<BlobStore> open(String id, StoreSite site) throws IOException;

  /**
   * The URL of a blob, for clients that access the store themselves. It may name no single file.
   *
   * @throws io.vitrine.config.ConfigException if a file that tells it cannot be used
   */
  Function<BlobRef, String> urls();

  /** The details shown to administrators, in Glance's terms; no secrets. */
  Map<String, Object> properties();

  /** Whether all nodes see the same data. */
  default boolean isShared() {
    return true;
  }

  /** Whether others clone its data, which then cannot be deleted. */
  default boolean canBeCloned() {
    return false;
  }

  /** Identifies the place of the data if two stores must not have the same one. */
  default Optional<String> place() {
    return Optional.empty();
  }
}
