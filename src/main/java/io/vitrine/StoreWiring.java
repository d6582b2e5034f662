package io.vitrine;

import io.vitrine.config.StoresConfig;
import io.vitrine.config.StoresConfig.Backend;
import io.vitrine.config.StoresConfig.Settings;
import io.vitrine.config.TransferConfig;
import io.vitrine.config.VitrineConfig;
import io.vitrine.http.StoreOffer;
import io.vitrine.image.BlobRef;
import io.vitrine.store.BlobStore;
import io.vitrine.store.FileBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the stores, and what callers are told of them; a new kind of store is a case here. */
record StoreWiring(StoresConfig config, TransferConfig transfer, boolean hasOneNode) {
  /** The stores of a configuration. An embedded database has no second node. */
  static StoreWiring of(VitrineConfig config) {
    return new StoreWiring(config.stores(), config.transfer(), config.database().isEmbedded());
  }

  /** The stores that hold blobs, and the staging area. Blocks. */
  List<BlobStore> stores() throws IOException {
    var made = new ArrayList<BlobStore>();
    for (var backend : config.backends().entrySet()) {
      store(backend.getKey(), backend.getValue().settings()).ifPresent(made::add);
    }
    store(BlobRef.STAGING_STORE, config.staging().settings()).ifPresent(made::add);
    return made;
  }

  private Optional<BlobStore> store(String id, Settings settings) throws IOException {
    return switch (settings) {
      case Settings.Files(Path dir) ->
          Optional.of(new FileBlobStore(id, dir, transfer.fsync(), hasOneNode));
      case Settings.Web() -> Optional.empty();
    };
  }

  Map<String, StoreOffer> offers() {
    var offers = new LinkedHashMap<String, StoreOffer>();
    config.backends().forEach((id, backend) -> offers.put(id, offer(backend)));
    return offers;
  }

  private static StoreOffer offer(Backend backend) {
    return switch (backend.settings()) {
      case Settings.Files(Path dir) ->
          offer(
              backend,
              dir.toUri().toString(),
              Map.of("data_dir", dir.toString(), "chunk_size", 65536, "thin_provisioning", false));
      case Settings.Web() -> offer(backend, "", Map.of());
    };
  }

  /** An offer of a store whose blobs lie at a URL followed by their path. */
  private static StoreOffer offer(Backend backend, String url, Map<String, Object> properties) {
    return new StoreOffer(
        backend.kind(),
        backend.description(),
        backend.weight(),
        backend.isWritable(),
        blob -> url + blob.path(),
        properties);
  }
}
