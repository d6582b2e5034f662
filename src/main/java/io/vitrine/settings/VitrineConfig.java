package io.vitrine.settings;

import io.vitrine.access.identity.IdentityConfig;
import io.vitrine.access.identity.IdentityKind;
import io.vitrine.access.identity.NoIdentityConfig;
import io.vitrine.access.keystone.KeystoneConfig;
import io.vitrine.access.oidc.OidcConfig;
import io.vitrine.access.policy.PolicyConfig;
import io.vitrine.access.quota.QuotaConfig;
import io.vitrine.access.signature.SignatureConfig;
import io.vitrine.api.HttpConfig;
import io.vitrine.catalog.audit.AuditConfig;
import io.vitrine.catalog.blobs.UploadsConfig;
import io.vitrine.catalog.database.DatabaseConfig;
import io.vitrine.catalog.database.DatabaseUrl;
import io.vitrine.catalog.metadefs.MetadefsConfig;
import io.vitrine.catalog.sql.LeaseConfig;
import io.vitrine.catalog.tickets.TicketsConfig;
import io.vitrine.cluster.ClusterConfig;
import io.vitrine.config.ConfigException;
import io.vitrine.config.ConfigLoader;
import io.vitrine.config.ConfigPrinter;
import io.vitrine.config.Key;
import io.vitrine.config.Section;
import io.vitrine.config.Sources;
import io.vitrine.importer.ImportConfig;
import io.vitrine.importer.convert.ConversionConfig;
import io.vitrine.importer.decompress.DecompressionConfig;
import io.vitrine.importer.inject.InjectionConfig;
import io.vitrine.importer.transform.PluginKind;
import io.vitrine.net.address.Url;
import io.vitrine.net.uwsgi.UwsgiConfig;
import io.vitrine.observe.log.LogConfig;
import io.vitrine.observe.metrics.ManagementConfig;
import io.vitrine.observe.trace.TracingConfig;
import io.vitrine.store.file.FileConfig;
import io.vitrine.store.kind.StoreKind;
import io.vitrine.store.kind.StoreKinds;
import io.vitrine.store.kind.StoreSite;
import io.vitrine.store.kind.StoresConfig;
import io.vitrine.store.rbd.RbdConfig;
import io.vitrine.store.s3.S3Config;
import io.vitrine.store.swift.SwiftConfig;
import io.vitrine.store.web.WebStoreConfig;
import io.vitrine.transfer.disk.DiskSpace;
import io.vitrine.transfer.stream.TransferConfig;
import io.vitrine.upkeep.amqp.AmqpConfig;
import io.vitrine.upkeep.cache.CacheConfig;
import io.vitrine.upkeep.relay.NotificationsConfig;
import io.vitrine.upkeep.relay.SinkKind;
import io.vitrine.upkeep.scrub.ScrubConfig;
import io.vitrine.upkeep.webhook.WebhookConfig;
import java.net.InetAddress;
import java.nio.file.Path;
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
    UploadsConfig uploads,
    TicketsConfig tickets,
    AuditConfig audit,
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

  /** The kinds of identities; a new one is one more line here. */
  static final List<IdentityKind> IDENTITIES =
      List.of(NoIdentityConfig.KIND, KeystoneConfig.KIND, OidcConfig.KIND);

  /** The kinds of stores; a new one is one more line here. */
  static final StoreKinds STORES =
      new StoreKinds(
          List.of(
              FileConfig.KIND,
              RbdConfig.KIND,
              S3Config.KIND,
              SwiftConfig.KIND,
              WebStoreConfig.KIND));

  /** The plugins of imports; a new one is one more line here. */
  static final List<PluginKind> PLUGINS =
      List.of(DecompressionConfig.KIND, InjectionConfig.KIND, ConversionConfig.KIND);

  /** The kinds of sinks of notifications; a new one is one more line here. */
  static final List<SinkKind> SINKS = List.of(AmqpConfig.KIND, WebhookConfig.KIND);

  /**
   * Loads and validates the configuration from files and the environment. Blocks; do not call it on
   * an event loop. Throws a {@link ConfigException} with all faults.
   *
   * @param files YAML files; later ones override earlier ones
   */
  public static VitrineConfig load(List<Path> files, Map<String, String> environment) {
    return load(files, environment, ServeFlags.NONE);
  }

  /** As above, with the command line's settings. */
  public static VitrineConfig load(
      List<Path> files, Map<String, String> environment, ServeFlags flags) {
    return ConfigLoader.load(
        new Sources(files, environment, flags::tree),
        STORES.schema(),
        root -> from(root, environment));
  }

  private static VitrineConfig from(Section root, Map<String, String> environment) {
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
            IdentityConfig.from(root.section("identity"), IDENTITIES),
            PolicyConfig.from(root.section("policy")),
            ImageConfig.from(root.section("image")),
            QuotaConfig.from(root.section("quota")),
            MetadefsConfig.from(root.section("metadefs")),
            StoresConfig.from(root.section("stores"), data.dir(), STORES),
            TransferConfig.from(root.section("transfer")),
            LeaseConfig.from(root.section("lease")),
            UploadsConfig.from(root.section("uploads")),
            TicketsConfig.from(root.section("tickets")),
            AuditConfig.from(root.section("audit")),
            ClusterConfig.from(root.section("cluster")),
            ScrubConfig.from(root.section("scrub")),
            ImportConfig.from(root.section("import"), data.dir(), PLUGINS),
            SignatureConfig.from(root.section("signature"), data.dir()),
            CacheConfig.from(root.section("cache"), data.dir()),
            ShutdownConfig.from(root.section("shutdown")),
            LogConfig.from(root.section("log")),
            TracingConfig.from(root.section("tracing")),
            NotificationsConfig.from(root.section("notifications"), SINKS));
    config.requireClosedDoor(http, config.http().host());
    if (!config.uwsgi().host().isEmpty()) {
      config.requireClosedDoor(uwsgi, config.uwsgi().host());
    }
    config.requireKeystone(root.section("quota"));
    config.requireSecrecy(root.section("stores"));
    return config;
  }

  private static Set<Role> roles(Section root) {
    var names = root.choices("roles", List.of("http", "store", "import"));
    root.require(!names.isEmpty(), "roles", "there must be one");
    var roles = EnumSet.noneOf(Role.class);
    names.forEach(name -> roles.add(Role.valueOf(name.toUpperCase(Locale.ROOT))));
    return roles.isEmpty() ? EnumSet.allOf(Role.class) : roles;
  }

  /** What an operator should know of this configuration on this machine, one line each. Blocks. */
  public List<String> remarks() {
    return roles.contains(Role.IMPORT) ? importing.plugins().remarks() : List.of();
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
        !quota.isFromKeystone() || identity.kind().equals(KeystoneConfig.KIND),
        "source",
        "keystone needs identity.kind keystone");
  }

  /** Without authentication, only this machine may connect, unless the operator allows more. */
  private void requireClosedDoor(Section section, String host) {
    section.require(
        !roles.contains(Role.HTTP) || !identity.used().isLoopbackOnly() || isLoopback(host),
        "host",
        '"'
            + host
            + "\" is not a loopback address, but with identity.kind none every caller is an"
            + " administrator; set identity.allow_non_loopback to true if that is intended");
  }

  /**
   * Whether only this machine can reach the address; names other than localhost are not resolved.
   */
  private static boolean isLoopback(String host) {
    if (host.equals("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException notAnAddress) {
      return false;
    }
  }

  /** What this process tells the stores that it opens. */
  public StoreSite storeSite(StoreSite.Foundings foundings) {
    return new StoreSite(
        database.isEmbedded(),
        transfer.fsync(),
        image.sizeCap().bytes(),
        new DiskSpace(),
        foundings);
  }

  /** The configuration as YAML, without secrets. */
  @Override
  public String toString() {
    return ConfigPrinter.print(
        this, Set.of(Url.class, DatabaseUrl.class, StoreKind.class, IdentityKind.class));
  }
}
