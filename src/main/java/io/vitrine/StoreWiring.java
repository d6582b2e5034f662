package io.vitrine;

import io.vitrine.config.ByteSize;
import io.vitrine.config.RbdConfig;
import io.vitrine.config.S3Config;
import io.vitrine.config.StoresConfig;
import io.vitrine.config.StoresConfig.Backend;
import io.vitrine.config.StoresConfig.Settings;
import io.vitrine.config.TransferConfig;
import io.vitrine.config.VitrineConfig;
import io.vitrine.http.StoreOffer;
import io.vitrine.image.BlobRef;
import io.vitrine.store.BlobStore;
import io.vitrine.store.FileBlobStore;
import io.vitrine.store.rbd.RbdBlobStore;
import io.vitrine.store.rbd.RbdSettings;
import io.vitrine.store.rbd.RbdUrl;
import io.vitrine.store.s3.S3BlobStore;
import io.vitrine.store.s3.S3Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Makes the stores, and what callers are told of them; a new kind of store is a case here. */
record StoreWiring(
    StoresConfig config, TransferConfig transfer, ByteSize sizeCap, boolean hasOneNode) {
  /** The stores of a configuration. An embedded database has no second node. */
  static StoreWiring of(VitrineConfig config) {
    return new StoreWiring(
        config.stores(),
        config.transfer(),
        config.image().sizeCap(),
        config.database().isEmbedded());
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
      case Settings.S3(S3Config s3) -> Optional.of(S3BlobStore.open(id, settings(s3)));
      case Settings.Web() -> Optional.empty();
    };
  }

  private S3Settings settings(S3Config s3) {
    return new S3Settings(
        s3.endpoint(),
        s3.region(),
        s3.bucket(),
        s3.prefix(),
        s3.accessKey().value().isEmpty()
            ? Optional.empty()
            : Optional.of(new S3Settings.Keys(s3.accessKey().value(), s3.secretKey().value())),
        s3.pathStyle(),
        s3.caFile(),
        new S3Settings.Upload(
            Math.toIntExact(s3.partSize().bytes()),
            s3.memory().bytes(),
            s3.parallelParts(),
            sizeCap.bytes()),
        new S3Settings.Waiting(s3.connectTimeout(), s3.readTimeout()));
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
      case Settings.S3(S3Config s3) ->
          offer(
              backend,
              "s3://%s/%s/".formatted(s3.bucket(), s3.prefix()),
              Map.of(
                  "s3_store_large_object_size", mebibytes(s3.partSize()),
                  "s3_store_large_object_chunk_size", mebibytes(s3.partSize()),
                  "s3_store_thread_pools", s3.parallelParts()));
      case Settings.Web() -> offer(backend, "", Map.of());
    };
  }

  private static long mebibytes(ByteSize size) {
    return size.bytes() >> 20;
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
