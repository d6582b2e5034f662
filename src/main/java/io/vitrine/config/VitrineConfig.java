package io.vitrine.config;

import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The whole configuration, validated. Defaults that depend on other values are filled in: every
 * directory is absolute, every name is set. Each component receives only its own section.
 */
public record VitrineConfig(
    Set<Role> roles,
    NodeConfig node,
    HttpConfig http,
    UwsgiConfig uwsgi,
    ManagementConfig management,
    DataConfig data,
    DatabaseConfig database,
    IdentityConfig identity,
    PolicyConfig policy,
    ImageConfig image,
    QuotaConfig quota,
    MetadefsConfig metadefs,
    StoresConfig stores,
    TransferConfig transfer,
    LeaseConfig lease,
    ClusterConfig cluster,
    ScrubConfig scrub,
    @Key("import") ImportConfig importing,
    SignatureConfig signature,
    CacheConfig cache,
    ShutdownConfig shutdown,
    LogConfig log,
    TracingConfig tracing,
    NotificationsConfig notifications) {

  /** Copies the roles. */
  public VitrineConfig {
    roles = Collections.unmodifiableSet(EnumSet.copyOf(roles));
  }

  /** Reads every key of the tree; throws a {@link ConfigException} with all faults. */
  static VitrineConfig from(JsonObject tree, Map<String, String> environment, Faults faults) {
    var root = Section.root(tree, faults);
    var roles = roles(root);
    var http = root.section("http");
    var uwsgi = root.section("uwsgi");
    var data = DataConfig.from(root.section("data"), environment);
    var config =
        new VitrineConfig(
            roles,
            NodeConfig.from(root.section("node"), environment),
            HttpConfig.from(http),
            UwsgiConfig.from(uwsgi),
            ManagementConfig.from(root.section("management")),
            data,
            DatabaseConfig.from(root.section("database")),
            IdentityConfig.from(root.section("identity")),
            PolicyConfig.from(root.section("policy")),
            ImageConfig.from(root.section("image")),
            QuotaConfig.from(root.section("quota")),
            MetadefsConfig.from(root.section("metadefs")),
            StoresConfig.from(root.section("stores"), data.dir()),
            TransferConfig.from(root.section("transfer")),
            LeaseConfig.from(root.section("lease")),
            ClusterConfig.from(root.section("cluster")),
            ScrubConfig.from(root.section("scrub")),
            ImportConfig.from(root.section("import"), data.dir()),
            SignatureConfig.from(root.section("signature"), data.dir()),
            CacheConfig.from(root.section("cache"), data.dir()),
            ShutdownConfig.from(root.section("shutdown")),
            LogConfig.from(root.section("log")),
            TracingConfig.from(root.section("tracing")),
            NotificationsConfig.from(root.section("notifications")));
    config.requireClosedDoor(http, config.http().host());
    if (!config.uwsgi().host().isEmpty()) {
      config.requireClosedDoor(uwsgi, config.uwsgi().host());
    }
    config.requireKeystone(root.section("quota"));
    config.requireSecrecy(root.section("stores"));
    faults.addUnknownKeys(tree);
    faults.throwIfAny();
    return config;
  }

  private static Set<Role> roles(Section root) {
    var names = root.choices("roles", List.of("http", "store", "import"));
    root.require(!names.isEmpty(), "roles", "there must be one");
    var roles = EnumSet.noneOf(Role.class);
    names.forEach(name -> roles.add(Role.valueOf(name.toUpperCase(Locale.ROOT))));
    return roles.isEmpty() ? EnumSet.allOf(Role.class) : roles;
  }

  /** Visible locations would reveal whether others have the same data. */
  private void requireSecrecy(Section section) {
    section.require(
        !(image.showMultipleLocations() || image.showImageDirectUrl())
            || stores.backends().values().stream().noneMatch(StoresConfig.Backend::dedup),
        "backends",
        "dedup needs image.show_multiple_locations and image.show_image_direct_url to be false");
  }

  /** Limits come from the Keystone that authenticates callers. */
  private void requireKeystone(Section section) {
    section.require(
        !quota.source().equals("keystone") || identity.kind().equals("keystone"),
        "source",
        "keystone needs identity.kind keystone");
  }

  /** Without authentication, only this machine may connect, unless the operator allows more. */
  private void requireClosedDoor(Section section, String host) {
    section.require(
        !roles.contains(Role.HTTP)
            || !identity.kind().equals("none")
            || identity.allowNonLoopback()
            || HttpConfig.isLoopback(host),
        "host",
        '"'
            + host
            + "\" is not a loopback address, but with identity.kind none every caller is an"
            + " administrator; set identity.allow_non_loopback to true if that is intended");
  }

  /** The configuration as YAML, without secrets. */
  @Override
  public String toString() {
    return ConfigPrinter.print(this);
  }
}
