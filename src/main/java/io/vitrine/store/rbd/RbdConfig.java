package io.vitrine.store.rbd;

import io.vertx.core.json.JsonObject;
import io.vitrine.config.ByteSize;
import io.vitrine.config.ConfigException;
import io.vitrine.config.Key;
import io.vitrine.config.Section;
import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.kind.StoreConfig;
import io.vitrine.store.kind.StoreKind;
import io.vitrine.store.kind.StoreSite;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A pool of a Ceph cluster.
 *
 * @param user the CephX user, without "client."
 * @param confFile the cluster's configuration, with its fsid and the path of its keyring
 * @param objectSize the size of an image's objects; a power of two
 * @param thinProvisioning whether to skip writing zeros
 * @param connectTimeout how long to wait for a connection to the cluster
 * @param operationTimeout how long to wait for one operation
 */
@Key("rbd")
public record RbdConfig(
    String pool,
    String user,
    Path confFile,
    ByteSize objectSize,
    boolean thinProvisioning,
    Duration connectTimeout,
    Duration operationTimeout)
    implements StoreConfig {

  /** Images in a Ceph pool. */
  public static final StoreKind KIND =
      new StoreKind(
          "rbd",
          true,
          JsonObject.of(
              "rbd",
              JsonObject.of("pool", "images", "user", "glance")
                  .put("conf_file", "/etc/ceph/ceph.conf")
                  .put("object_size", "8MiB")
                  .put("thin_provisioning", true)
                  .put("connect_timeout", "10s")
                  .put("operation_timeout", "30s")),
          (backend, home) -> from(backend.section("rbd")));

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private static RbdConfig from(Section section) {
    var config =
        new RbdConfig(
            section.text("pool", NAME, "the name of a pool"),
            section.text("user", NAME, "the name of a user"),
            section.path("conf_file", Path.of("/etc/ceph/ceph.conf")),
            section.size("object_size", "4KiB", "32MiB"),
            section.flag("thin_provisioning"),
            section.duration("connect_timeout", "1s", "10m"),
            section.duration("operation_timeout", "1s", "10m"));
    section.require(
        Long.bitCount(config.objectSize.bytes()) == 1,
        "object_size",
        config.objectSize + " is not allowed; give a power of two");
    return config;
  }

  @Override
  public Optional<BlobStore> open(String id, StoreSite site) throws IOException {
    return Optional.of(new RbdBlobStore(id, this));
  }

  @Override
  public Function<BlobRef, String> urls() {
    try {
      return RbdUrl.read(confFile, pool)::of;
    } catch (IOException failure) {
      throw new ConfigException(
          List.of(
              "%s, the conf_file of a backend of kind rbd, cannot be used: %s"
                  .formatted(confFile, failure)));
    }
  }

  @Override
  public Map<String, Object> properties() {
    return Map.of(
        "pool", pool, "chunk_size", objectSize.bytes(), "thin_provisioning", thinProvisioning);
  }

  @Override
  public boolean canBeCloned() {
    return true;
  }
}
