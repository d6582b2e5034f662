package io.vitrine;

import io.vitrine.config.RbdConfig;
import io.vitrine.config.StoresConfig;
import io.vitrine.config.StoresConfig.Backend;
import io.vitrine.config.StoresConfig.Settings;
import io.vitrine.config.SwiftConfig;
import io.vitrine.config.TransferConfig;
import io.vitrine.config.VitrineConfig;
import io.vitrine.http.StoreOffer;
import io.vitrine.image.BlobRef;
import io.vitrine.store.BlobStore;
import io.vitrine.store.FileBlobStore;
import io.vitrine.store.rbd.RbdBlobStore;
import io.vitrine.store.rbd.RbdSettings;
import io.vitrine.store.rbd.RbdUrl;
import io.vitrine.store.swift.SwiftBlobStore;
import io.vitrine.store.swift.SwiftSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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
      case Settings.Rbd(RbdConfig rbd) -> Optional.of(new RbdBlobStore(id, settings(rbd)));
      case Settings.Swift(SwiftConfig swift) ->
          Optional.of(new SwiftBlobStore(id, settings(swift)));
      case Settings.Web() -> Optional.empty();
    };
  }

  private static RbdSettings settings(RbdConfig rbd) {
    return new RbdSettings(
        rbd.pool(),
        rbd.user(),
        rbd.confFile(),
        rbd.objectSize().bytes(),
        rbd.thinProvisioning(),
        rbd.connectTimeout(),
        rbd.operationTimeout());
  }

  private static SwiftSettings settings(SwiftConfig swift) {
    return new SwiftSettings(
        login(swift, swift.authUrl().orElseThrow()),
        swift.container(),
        swift.createContainer(),
        swift.segmentSize().bytes(),
        swift.connectTimeout(),
        swift.requestTimeout(),
        swift.retries());
  }

  private static SwiftSettings.Login login(SwiftConfig swift, URI url) {
    var password = swift.password().value();
    if (swift.authVersion() == 1) {
      return new SwiftSettings.Login.V1(url, swift.user(), password);
    }
    if (!swift.applicationCredentialId().isEmpty()) {
      return new SwiftSettings.Login.ApplicationCredential(
          url,
          swift.region(),
          swift.applicationCredentialId(),
          swift.applicationCredentialSecret().value());
    }
    var account =
        new SwiftSettings.Account(
            swift.user(), swift.userDomain(), swift.project(), swift.projectDomain());
    return new SwiftSettings.Login.Password(url, swift.region(), account, password);
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
      case Settings.Rbd(RbdConfig rbd) -> offer(backend, rbd);
      case Settings.Swift(SwiftConfig swift) -> offer(backend, swift);
      case Settings.Web() -> offer(backend, "", Map.of());
    };
  }

  /** An offer of a store whose blobs lie at a URL followed by their path. */
  private static StoreOffer offer(Backend backend, String url, Map<String, Object> properties) {
    return offer(backend, blob -> url + blob.path(), properties);
  }

  private static StoreOffer offer(Backend backend, RbdConfig rbd) {
    return offer(
        backend,
        urls(rbd)::of,
        Map.of(
            "pool", rbd.pool(),
            "chunk_size", rbd.objectSize().bytes(),
            "thin_provisioning", rbd.thinProvisioning()));
  }

  /** The URL is that of Glance: without the password that Glance puts into it. */
  private static StoreOffer offer(Backend backend, SwiftConfig swift) {
    var host = swift.authUrl().orElseThrow();
    var scheme = "https".equals(host.getScheme()) ? "swift+https" : "swift+http";
    var url =
        "%s://%s%s/%s/"
            .formatted(scheme, host.getRawAuthority(), host.getRawPath(), swift.container());
    return offer(
        backend,
        blob -> url + blob.id(),
        Map.of(
            "container", swift.container(),
            "large_object_size", swift.segmentSize().bytes(),
            "large_object_chunk_size", swift.segmentSize().bytes()));
  }

  private static RbdUrl urls(RbdConfig rbd) {
    try {
      return RbdUrl.read(rbd.confFile(), rbd.pool());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static StoreOffer offer(
      Backend backend, Function<BlobRef, String> url, Map<String, Object> properties) {
    return new StoreOffer(
        backend.kind(),
        backend.description(),
        backend.weight(),
        backend.isWritable(),
        url,
        properties);
  }
}
