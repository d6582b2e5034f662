package io.vitrine.config;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * A pool of a Ceph cluster.
 *
 * @param user the Ceph user, without "client."
 * @param confFile the cluster's configuration, with its fsid and the path of its keyring
 * @param objectSize the size of an image's objects; a power of two
 * @param thinProvisioning whether to skip writing zeros
 */
public record RbdConfig(
    String pool,
    String user,
    Path confFile,
    ByteSize objectSize,
    boolean thinProvisioning,
    Duration connectTimeout,
    Duration operationTimeout) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  static RbdConfig from(Section section) {
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

  /** The keys and their defaults. */
  static JsonObject defaults() {
    return JsonObject.of("pool", "images", "user", "glance", "conf_file", "/etc/ceph/ceph.conf")
        .put("object_size", "8MiB")
        .put("thin_provisioning", true)
        .put("connect_timeout", "10s")
        .put("operation_timeout", "30s");
  }
}
