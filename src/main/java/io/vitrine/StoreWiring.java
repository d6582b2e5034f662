package io.vitrine;

import io.vitrine.config.ByteSize;
import io.vitrine.config.S3Config;
import io.vitrine.config.StoresConfig;
import io.vitrine.config.StoresConfig.Backend;
import io.vitrine.config.StoresConfig.Settings;
import io.vitrine.config.TransferConfig;
import io.vitrine.http.StoreOffer;
import io.vitrine.image.BlobRef;
import io.vitrine.store.BlobStore;
import io.vitrine.store.FileBlobStore;
import io.vitrine.store.s3.S3BlobStore;
import io.vitrine.store.s3.S3Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the stores, and what callers are told of them; a new kind of store is a case here. */
record StoreWiring(StoresConfig config, TransferConfig transfer, ByteSize sizeCap) {
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
      case Settings.Files(Path dir) -> Optional.of(new FileBlobStore(id, dir, transfer.fsync()));
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
    return new StoreOffer(
        backend.kind(),
        backend.description(),
        backend.weight(),
        backend.isWritable(),
        blob -> url + blob.path(),
        properties);
  }
}
