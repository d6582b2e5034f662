package io.vitrine.app;

import io.vitrine.api.schema.StoreOffer;
import io.vitrine.catalog.blobs.ScrubJournal.Scope;
import io.vitrine.catalog.blobs.SharedContents.Sharing;
import io.vitrine.config.ByteSize;
import io.vitrine.config.ConfigException;
import io.vitrine.config.RbdConfig;
import io.vitrine.config.S3Config;
import io.vitrine.config.StoresConfig;
import io.vitrine.config.StoresConfig.Backend;
import io.vitrine.config.StoresConfig.Settings;
import io.vitrine.config.SwiftConfig;
import io.vitrine.config.TransferConfig;
import io.vitrine.config.VitrineConfig;
import io.vitrine.image.location.BlobRef;
import io.vitrine.store.BlobStore;
import io.vitrine.store.file.DiskSpace;
import io.vitrine.store.file.FileBlobStore;
import io.vitrine.store.file.FileLayout;
import io.vitrine.store.file.Founding;
import io.vitrine.store.rbd.RbdBlobStore;
import io.vitrine.store.rbd.RbdSettings;
import io.vitrine.store.rbd.RbdUrl;
import io.vitrine.store.s3.S3BlobStore;
import io.vitrine.store.s3.S3Settings;
import io.vitrine.store.swift.SwiftBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Creates the stores and their description for callers; a new kind of store is one more case here.
 */
record StoreWiring(
    StoresConfig config,
    TransferConfig transfer,
    ByteSize sizeCap,
    boolean hasOneNode,
    String node) {
  /** The stores of a configuration. With an embedded database there is only one node. */
  static StoreWiring of(VitrineConfig config) {
    return new StoreWiring(
        config.stores(),
        config.transfer(),
        config.image().sizeCap(),
        config.database().isEmbedded(),
        config.node().name());
  }

  /**
   * The stores of blobs and the staging area. Blocks.
   *
   * @param foundings decides which directories are new, by the scope of their blobs
   */
  List<BlobStore> stores(Function<Scope, Founding> foundings) throws IOException {
    var made = new ArrayList<BlobStore>();
    var ground = new Ground(foundings, new DiskSpace());
    for (var backend : config.backends().entrySet()) {
      store(backend.getKey(), backend.getValue().settings(), ground).ifPresent(made::add);
    }
    store(BlobRef.STAGING_STORE, config.staging().settings(), ground).ifPresent(made::add);
    return made;
  }

  /** What every file store needs. */
  private record Ground(Function<Scope, Founding> foundings, DiskSpace space) {}

  private Optional<BlobStore> store(String id, Settings settings, Ground ground)
      throws IOException {
    return switch (settings) {
      case Settings.Files files -> Optional.of(files(id, files, ground));
      case Settings.Rbd(RbdConfig rbd) -> Optional.of(new RbdBlobStore(id, settings(rbd)));
      case Settings.Swift(SwiftConfig swift) ->
          Optional.of(new SwiftBlobStore(id, SwiftWiring.settings(swift)));
      case Settings.S3(S3Config s3) -> Optional.of(S3BlobStore.open(id, settings(s3)));
      case Settings.Web web -> Optional.empty();
    };
  }

  private FileBlobStore files(String id, Settings.Files files, Ground ground) throws IOException {
    var scope = new Scope(id, isShared(files) ? Optional.empty() : Optional.of(node));
    return new FileBlobStore(id, layout(files), ground.foundings().apply(scope), ground.space());
  }

  /** The stores that deduplicate data. */
  Sharing sharing() {
    var stores = new LinkedHashMap<String, Boolean>();
    config
        .backends()
        .forEach(
            (id, backend) -> {
              if (backend.dedup()) {
                stores.put(id, isShared(backend.settings()));
              }
            });
    return new Sharing(stores);
  }

  private boolean isShared(Settings settings) {
    return !(settings instanceof Settings.Files files) || files.shared() || hasOneNode;
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

  private FileLayout layout(Settings.Files files) {
    return new FileLayout(
        directories(files),
        files.reserve().bytes(),
        files.filePerm().isEmpty() ? Optional.empty() : Optional.of(permissions(files.filePerm())),
        files.thinProvisioning(),
        files.directIo(),
        transfer.fsync(),
        isShared(files));
  }

  private static List<FileLayout.Directory> directories(Settings.Files files) {
    return files.dirs().isEmpty()
        ? List.of(new FileLayout.Directory(files.dir(), 0))
        : files.dirs().stream().map(StoreWiring::directory).toList();
  }

  private static FileLayout.Directory directory(String text) {
    int colon = text.lastIndexOf(':');
    return new FileLayout.Directory(
        Path.of(text.substring(0, colon)).normalize(), Integer.parseInt(text.substring(colon + 1)));
  }

  /** The permissions of an octal mode. */
  private static Set<PosixFilePermission> permissions(String octal) {
    int bits = Integer.parseInt(octal, 8);
    var all = PosixFilePermission.values(); // from the owner's reading to others' executing
    return IntStream.range(0, all.length)
        .filter(index -> (bits >> (all.length - 1 - index) & 1) == 1)
        .mapToObj(index -> all[index])
        .collect(Collectors.toSet());
  }

  Map<String, StoreOffer> offers() {
    var offers = new LinkedHashMap<String, StoreOffer>();
    config.backends().forEach((id, backend) -> offers.put(id, offer(backend)));
    return offers;
  }

  private static StoreOffer offer(Backend backend) {
    return switch (backend.settings()) {
      case Settings.Files files -> offer(backend, files);
      case Settings.Rbd(RbdConfig rbd) -> offer(backend, rbd);
      case Settings.Swift(SwiftConfig swift) -> offer(backend, swift);
      case Settings.S3(S3Config s3) ->
          offer(
              backend,
              "s3://%s/%s/".formatted(s3.bucket(), s3.prefix()),
              Map.of(
                  "s3_store_large_object_size", mebibytes(s3.partSize()),
                  "s3_store_large_object_chunk_size", mebibytes(s3.partSize()),
                  "s3_store_thread_pools", s3.parallelParts()));
      case Settings.Web web -> offer(backend, "", Map.of());
    };
  }

  /**
   * The description of a file store. With several directories its URL names none: only a look at
   * the disk tells which one has a blob.
   */
  private static StoreOffer offer(Backend backend, Settings.Files files) {
    var directories =
        directories(files).stream()
            .sorted(Comparator.comparingInt(FileLayout.Directory::priority).reversed())
            .map(FileLayout.Directory::path)
            .toList();
    var first = directories.getFirst();
    var properties = new LinkedHashMap<String, Object>();
    properties.put("data_dir", first.toString());
    if (directories.size() > 1) {
      properties.put("data_dirs", files.dirs());
    }
    properties.put("chunk_size", 65536);
    properties.put("thin_provisioning", files.thinProvisioning());
    return offer(backend, directories.size() == 1 ? first.toUri().toString() : "file:", properties);
  }

  private static long mebibytes(ByteSize size) {
    return size.bytes() >> 20;
  }

  /** The description of a store whose blobs have URLs with a common prefix. */
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

  private static StoreOffer offer(Backend backend, SwiftConfig swift) {
    var url = SwiftWiring.url(swift);
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
      throw new ConfigException(
          List.of(
              "%s, the conf_file of a backend of kind rbd, cannot be used: %s"
                  .formatted(rbd.confFile(), failure)));
    }
  }

  private static StoreOffer offer(
      Backend backend, Function<BlobRef, String> url, Map<String, Object> properties) {
    return new StoreOffer(
        backend.kind(),
        backend.description(),
        backend.weight(),
        backend.isWritable(),
        backend.settings() instanceof Settings.Rbd,
        url,
        properties);
  }
}
