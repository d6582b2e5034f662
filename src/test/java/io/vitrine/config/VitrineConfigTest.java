package io.vitrine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every section twice: its defaults, and every key given. */
class VitrineConfigTest {
  private static final Path HERE = Path.of("vitrine-data").toAbsolutePath();

  private final VitrineConfig defaults = TestingConfig.defaults();

  @Test
  void rolesByDefault() {
    assertThat(defaults.roles()).containsExactly(Role.HTTP, Role.STORE, Role.IMPORT);
  }

  @Test
  void rolesGiven() {
    assertThat(TestingConfig.load("roles: [import, store]").roles())
        .containsExactly(Role.STORE, Role.IMPORT);
  }

  @Test
  void nodeByDefault() {
    var config = ConfigLoader.load(List.of(), Map.of("HOSTNAME", "pod-7"));

    assertThat(config.node()).isEqualTo(new NodeConfig("pod-7"));
    assertThat(defaults.node().name()).isNotEmpty();
  }

  @Test
  void nodeGiven() {
    assertThat(TestingConfig.load("node: {name: blue}").node()).isEqualTo(new NodeConfig("blue"));
  }

  @Test
  void httpByDefault() {
    assertThat(defaults.http())
        .isEqualTo(
            new HttpConfig(
                "127.0.0.1",
                9292,
                new FrontConfig(Optional.empty(), "", List.of(), false),
                new TlsConfig(
                    Optional.empty(), Optional.empty(), Optional.empty(), Duration.ofSeconds(10)),
                new LimitsConfig(
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(15),
                    ByteSize.of("32KiB"),
                    ByteSize.of("1MiB"),
                    64,
                    10_000,
                    0,
                    1000,
                    50),
                Duration.ofHours(24),
                new HttpConfig.Cors(List.of(), true),
                2));
  }

  @Test
  void httpGiven(@TempDir Path directory) throws IOException {
    var certificate = Files.createFile(directory.resolve("certificate.pem"));
    var key = Files.createFile(directory.resolve("key.pem"));
    var authority = Files.createFile(directory.resolve("ca.pem"));
    var config =
        TestingConfig.load(
            """
            http:
              host: "::1"
              port: 0
              public_endpoint: https://images.example/v2
              path_prefix: /image
              trusted_proxies: [loopback, 10.0.0.0/8, "2001:db8::1"]
              proxy_protocol: true
              tls: {certificate: %s, key: %s, client_ca: %s, reload_interval: 1m}
              idle_timeout: 5m
              header_timeout: 20s
              max_connections: 100
              max_uploads_per_client: 3
              max_event_streams: 4
              max_event_streams_per_client: 2
              max_header_size: 8KiB
              max_json_body: 65536
              max_request_id_length: 100
              idempotency_ttl: 10m
              cors: {allowed_origins: ["https://cloud.example"], allow_credentials: false}
              instances: 4
            """
                .formatted(certificate, key, authority));

    assertThat(config.http())
        .isEqualTo(
            new HttpConfig(
                "::1",
                0,
                new FrontConfig(
                    Optional.of(URI.create("https://images.example/v2")),
                    "/image",
                    List.of("loopback", "10.0.0.0/8", "2001:db8::1"),
                    true),
                new TlsConfig(
                    Optional.of(certificate),
                    Optional.of(key),
                    Optional.of(authority),
                    Duration.ofMinutes(1)),
                new LimitsConfig(
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(20),
                    ByteSize.of("8KiB"),
                    new ByteSize(65536),
                    100,
                    100,
                    3,
                    4,
                    2),
                Duration.ofMinutes(10),
                new HttpConfig.Cors(List.of("https://cloud.example"), false),
                4));
  }

  @Test
  void uwsgiByDefault() {
    assertThat(defaults.uwsgi())
        .isEqualTo(new UwsgiConfig("", 3031, Optional.empty(), new ByteSize(65535)));
  }

  @Test
  void uwsgiGiven() {
    var config =
        TestingConfig.load(
            "uwsgi: {host: 127.0.0.1, port: 1, socket: /run/vitrine.sock, max_header_size: 4KiB}");

    assertThat(config.uwsgi())
        .isEqualTo(
            new UwsgiConfig(
                "127.0.0.1", 1, Optional.of(Path.of("/run/vitrine.sock")), ByteSize.of("4KiB")));
  }

  @Test
  void managementByDefault() {
    assertThat(defaults.management()).isEqualTo(new ManagementConfig("127.0.0.1", 9293));
  }

  @Test
  void managementGiven() {
    assertThat(TestingConfig.load("management: {host: 0.0.0.0, port: 1}").management())
        .isEqualTo(new ManagementConfig("0.0.0.0", 1));
  }

  @Test
  void dataByDefault() {
    assertThat(defaults.data()).isEqualTo(new DataConfig(HERE));
    assertThat(ConfigLoader.load(List.of(), Map.of("XDG_DATA_HOME", "/home/x/share")).data())
        .isEqualTo(new DataConfig(Path.of("/home/x/share/vitrine")));
  }

  @Test
  void dataGiven() {
    assertThat(TestingConfig.load("data: {dir: some/../place}").data())
        .isEqualTo(new DataConfig(Path.of("place").toAbsolutePath()));
  }

  @Test
  void databaseByDefault() {
    assertThat(defaults.database())
        .isEqualTo(
            new DatabaseConfig(
                Optional.empty(),
                "",
                new Secret(""),
                8,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30)));
    assertThat(defaults.database().isEmbedded()).isTrue();
  }

  @Test
  void databaseGiven() {
    var config =
        TestingConfig.load(
            """
            database:
              url: postgresql://a:b@db.example:5433/images
              user: glance
              password: hush
              pool_size: 200
              connect_timeout: 500ms
              statement_timeout: 1h
            """);

    assertThat(config.database())
        .isEqualTo(
            new DatabaseConfig(
                Optional.of(new DatabaseUrl("postgresql://a:b@db.example:5433/images")),
                "glance",
                new Secret("hush"),
                200,
                Duration.ofMillis(500),
                Duration.ofHours(1)));
    assertThat(config.database().isEmbedded()).isFalse();
  }

  @Test
  void identityByDefault() {
    assertThat(defaults.identity())
        .isEqualTo(
            new IdentityConfig(
                "none",
                false,
                "",
                "",
                false,
                new KeystoneConfig(
                    Optional.empty(),
                    Optional.empty(),
                    "glance",
                    new Secret(""),
                    "Default",
                    "service",
                    "Default",
                    "",
                    new Secret(""),
                    Optional.empty(),
                    Duration.ofSeconds(60),
                    20_000,
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(10),
                    2,
                    16),
                new OidcConfig(
                    Optional.empty(),
                    "",
                    "sub",
                    "project_id",
                    "roles",
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(10),
                    Optional.empty(),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(10),
                    2)));
  }

  @Test
  void identityGiven(@TempDir Path directory) throws IOException {
    var authority = Files.createFile(directory.resolve("ca.pem"));
    var config =
        TestingConfig.load(
            """
            identity:
              kind: keystone
              allow_non_loopback: true
              project: p
              user: u
              anonymous_read: true
              keystone:
                url: https://keystone.example:5000/v3
                www_authenticate_uri: https://login.example
                username: vitrine
                password: hush
                user_domain: services
                project: images
                project_domain: operators
                application_credential_id: a1
                application_credential_secret: sesame
                ca_file: %s
                cache_ttl: 5m
                cache_size: 10
                connect_timeout: 1s
                request_timeout: 2s
                retries: 0
                max_requests: 4
              oidc:
                issuer: https://login.example/realms/cloud
                audience: images
                user_claim: name
                project_claim: tenant
                roles_claim: realm_access.roles
                clock_leeway: 0s
                keys_ttl: 1m
                ca_file: %s
                connect_timeout: 4s
                request_timeout: 5s
                retries: 6
            """
                .formatted(authority, authority));

    assertThat(config.identity())
        .isEqualTo(
            new IdentityConfig(
                "keystone",
                true,
                "p",
                "u",
                true,
                new KeystoneConfig(
                    Optional.of(URI.create("https://keystone.example:5000/v3")),
                    Optional.of(URI.create("https://login.example")),
                    "vitrine",
                    new Secret("hush"),
                    "services",
                    "images",
                    "operators",
                    "a1",
                    new Secret("sesame"),
                    Optional.of(authority),
                    Duration.ofMinutes(5),
                    10,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    0,
                    4),
                new OidcConfig(
                    Optional.of(URI.create("https://login.example/realms/cloud")),
                    "images",
                    "name",
                    "tenant",
                    "realm_access.roles",
                    Duration.ZERO,
                    Duration.ofMinutes(1),
                    Optional.of(authority),
                    Duration.ofSeconds(4),
                    Duration.ofSeconds(5),
                    6)));
  }

  @Test
  void keystoneNeedsItsUrlAndCredentials() {
    assertThat(TestingConfig.faults("identity: {kind: keystone}"))
        .containsExactly(
            "identity.keystone.url: identity.kind keystone needs the URL",
            "identity.keystone.password: identity.kind keystone needs a password or an application"
                + " credential");
    assertThat(TestingConfig.faults("identity: {keystone: {application_credential_id: a1}}"))
        .containsExactly(
            "identity.keystone.application_credential_secret: an application credential needs its"
                + " secret");
  }

  @Test
  void policyByDefault() {
    assertThat(defaults.policy())
        .isEqualTo(
            new PolicyConfig(
                Optional.empty(),
                Duration.ofSeconds(10),
                new PolicyConfig.PropertyProtection(Optional.empty(), "roles")));
  }

  @Test
  void policyGiven() {
    var config =
        TestingConfig.load(
            """
            policy:
              file: conf/vitrine.yaml
              refresh_interval: 1m
              property_protection:
                file: conf/../pom.xml
                rule_format: policies
            """);

    assertThat(config.policy())
        .isEqualTo(
            new PolicyConfig(
                Optional.of(Path.of("conf/vitrine.yaml").toAbsolutePath()),
                Duration.ofMinutes(1),
                new PolicyConfig.PropertyProtection(
                    Optional.of(Path.of("pom.xml").toAbsolutePath()), "policies")));
  }

  @Test
  void oidcNeedsItsIssuerAndAudience() {
    assertThat(TestingConfig.faults("identity: {kind: oidc}"))
        .containsExactly(
            "identity.oidc.issuer: identity.kind oidc needs the issuer",
            "identity.oidc.audience: identity.kind oidc needs the audience");
  }

  @Test
  void imageByDefault() {
    assertThat(defaults.image())
        .isEqualTo(
            new ImageConfig(
                ByteSize.of("1TiB"),
                List.of(
                    "ami", "ari", "aki", "vhd", "vhdx", "vmdk", "raw", "qcow2", "vdi", "iso",
                    "ploop"),
                List.of("ami", "ari", "aki", "bare", "ovf", "ova", "docker", "compressed"),
                true,
                List.of("monolithicSparse", "streamOptimized"),
                List.of(),
                128,
                128,
                128,
                10,
                false,
                false,
                true,
                false,
                Duration.ZERO,
                25,
                1000,
                Optional.empty()));
  }

  @Test
  void imageGiven() {
    var config =
        TestingConfig.load(
            """
            image:
              size_cap: 10GiB
              disk_formats: [raw, gpt]
              container_formats: [bare]
              require_format_match: false
              vmdk_allowed_types: []
              gpt_checks_nonfatal: [mbr]
              property_quota: 1
              tag_quota: 2
              member_quota: 7
              location_quota: 5
              show_multiple_locations: true
              show_image_direct_url: true
              do_secure_hash: false
              delayed_delete: true
              scrub_time: 1h
              list_default: 3
              list_max: 4
              schema_file: /etc/hosts
            """);

    assertThat(config.image())
        .isEqualTo(
            new ImageConfig(
                ByteSize.of("10GiB"),
                List.of("raw", "gpt"),
                List.of("bare"),
                false,
                List.of(),
                List.of("mbr"),
                1,
                2,
                7,
                5,
                true,
                true,
                false,
                true,
                Duration.ofHours(1),
                3,
                4,
                Optional.of(Path.of("/etc/hosts"))));
  }

  @Test
  void storesByDefault() {
    assertThat(defaults.stores())
        .isEqualTo(
            new StoresConfig(
                "local",
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                Map.of("local", files(HERE.resolve("stores/local"))),
                staging(HERE.resolve("staging"))));
  }

  @Test
  void storesGiven() {
    var config =
        TestingConfig.load(
            """
            data: {dir: /data}
            stores:
              default: fast
              timeout: 10s
              check_interval: 1s
              backends:
                slow: {}
                fast:
                  dir: /ssd
                  description: The fast one
                  weight: 5
                  dirs: ["/a:200", "/b:100"]
                  reserve: 1GiB
                  file_perm: "0640"
                  thin_provisioning: true
                  shared: true
                  dedup: true
                old: {dir: /old, weight: -5, read_only: true}
                web: {kind: http}
              staging: {dir: /staging}
            """);

    assertThat(config.stores())
        .isEqualTo(
            new StoresConfig(
                "fast",
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                Map.of(
                    "slow", files(Path.of("/data/stores/slow")),
                    "fast",
                        new StoresConfig.Backend(
                            "file",
                            new StoresConfig.Settings.Files(
                                Path.of("/ssd"),
                                List.of("/a:200", "/b:100"),
                                ByteSize.of("1GiB"),
                                "0640",
                                true,
                                true),
                            "The fast one",
                            5,
                            false,
                            true),
                    "old",
                        new StoresConfig.Backend(
                            "file", new StoresConfig.Settings.Files(Path.of("/old")), "", -5, true),
                    "web",
                        new StoresConfig.Backend(
                            "http", new StoresConfig.Settings.Web(), "", 0, false)),
                staging(Path.of("/staging"))));
    assertThat(config.stores().backends().keySet()).containsExactly("slow", "fast", "old", "web");
  }

  @Test
  void storesInCeph() {
    var config =
        TestingConfig.load(
            """
            stores:
              default: usual
              backends:
                usual: {kind: rbd}
                other:
                  kind: rbd
                  rbd:
                    pool: pictures
                    user: vitrine
                    conf_file: /etc/ceph/other.conf
                    object_size: 4MiB
                    thin_provisioning: false
                    connect_timeout: 1s
                    operation_timeout: 2s
            """);

    assertThat(config.stores().backends())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "usual",
                rbd(
                    new RbdConfig(
                        "images",
                        "glance",
                        Path.of("/etc/ceph/ceph.conf"),
                        ByteSize.of("8MiB"),
                        true,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30))),
                "other",
                rbd(
                    new RbdConfig(
                        "pictures",
                        "vitrine",
                        Path.of("/etc/ceph/other.conf"),
                        ByteSize.of("4MiB"),
                        false,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2)))));
  }

  private static StoresConfig.Backend rbd(RbdConfig config) {
    return new StoresConfig.Backend("rbd", new StoresConfig.Settings.Rbd(config), "", 0, false);
  }

  @Test
  void equalDataIsKeptOnceOnlyWhereNobodySeesWhereItLies() {
    assertThatThrownBy(
            () ->
                TestingConfig.load(
                    """
                    image: {show_image_direct_url: true}
                    stores: {backends: {local: {dedup: true}}}
                    """))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("stores.backends: dedup needs");
  }

  @Test
  void storesInSwift() {
    var config =
        TestingConfig.load(
            """
            stores:
              default: usual
              backends:
                usual: {kind: swift, swift: {auth_url: "https://keystone/v3"}}
                other:
                  kind: swift
                  swift:
                    auth_version: 1
                    auth_url: http://gateway/auth/v1.0
                    user: account:user
                    password: secret
                    user_domain: heat
                    project: pictures
                    project_domain: arts
                    application_credential_id: id
                    application_credential_secret: hidden
                    region: north
                    container: images
                    create_container: true
                    segment_size: 64MiB
                    connect_timeout: 1s
                    request_timeout: 2s
                    retries: 7
            """);

    assertThat(config.stores().backends())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "usual",
                swift(
                    new SwiftConfig(
                        3,
                        Optional.of(URI.create("https://keystone/v3")),
                        "glance",
                        new Secret(""),
                        "Default",
                        "service",
                        "Default",
                        "",
                        new Secret(""),
                        "",
                        "glance",
                        false,
                        ByteSize.of("200MiB"),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        2)),
                "other",
                swift(
                    new SwiftConfig(
                        1,
                        Optional.of(URI.create("http://gateway/auth/v1.0")),
                        "account:user",
                        new Secret("secret"),
                        "heat",
                        "pictures",
                        "arts",
                        "id",
                        new Secret("hidden"),
                        "north",
                        "images",
                        true,
                        ByteSize.of("64MiB"),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        7))));
  }

  private static StoresConfig.Backend swift(SwiftConfig config) {
    return new StoresConfig.Backend("swift", new StoresConfig.Settings.Swift(config), "", 0, false);
  }

  @Test
  void storesInBuckets() {
    var config =
        TestingConfig.load(
            """
            stores:
              default: cloud
              backends:
                cloud: {kind: s3, s3: {bucket: images}}
                near:
                  kind: s3
                  s3:
                    endpoint: https://s3.example:9000
                    region: eu-1
                    bucket: images
                    prefix: some/where
                    access_key: known
                    secret_key: unknown
                    path_style: false
                    part_size: 16MiB
                    memory: 1GiB
                    parallel_parts: 8
                    connect_timeout: 1s
                    read_timeout: 10s
              staging: {kind: s3, s3: {bucket: images}}
            """);

    assertThat(settings(config, "cloud")).isEqualTo(new StoresConfig.Settings.S3(bucket("cloud")));
    assertThat(config.stores().staging().settings())
        .isEqualTo(new StoresConfig.Settings.S3(bucket("staging")));
    assertThat(settings(config, "near"))
        .isEqualTo(
            new StoresConfig.Settings.S3(
                new S3Config(
                    Optional.of(URI.create("https://s3.example:9000")),
                    "eu-1",
                    "images",
                    "some/where",
                    new Secret("known"),
                    new Secret("unknown"),
                    false,
                    Optional.empty(),
                    ByteSize.of("16MiB"),
                    ByteSize.of("1GiB"),
                    8,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10))));
  }

  private static StoresConfig.Settings settings(VitrineConfig config, String backend) {
    return Objects.requireNonNull(config.stores().backends().get(backend)).settings();
  }

  private static S3Config bucket(String prefix) {
    return new S3Config(
        Optional.empty(),
        "us-east-1",
        "images",
        prefix,
        new Secret(""),
        new Secret(""),
        true,
        Optional.empty(),
        ByteSize.of("8MiB"),
        ByteSize.of("128MiB"),
        4,
        Duration.ofSeconds(5),
        Duration.ofSeconds(30));
  }

  @Test
  void storesInBucketsThatCannotWork() {
    assertThatThrownBy(
            () ->
                TestingConfig.load(
                    """
                    stores:
                      default: one
                      backends:
                        one: {kind: s3, s3: {bucket: b, access_key: hidden-key}}
                        two: {kind: s3, s3: {bucket: images, memory: 6MiB}}
                        three: {kind: file, s3: {bucket: images}}
                    """))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("stores.backends.one.s3.bucket")
        .hasMessageContaining("stores.backends.two.s3.memory")
        .hasMessageContaining("stores.backends.three.s3")
        .hasMessageNotContaining("hidden-key");
    assertThatThrownBy(
            () ->
                TestingConfig.load(
                    """
                    stores:
                      default: one
                      backends:
                        one: {kind: s3, s3: {bucket: images, prefix: same}}
                        two: {kind: s3, s3: {bucket: images, prefix: same}}
                    """))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no two stores");
  }

  @Test
  void transferByDefault() {
    assertThat(defaults.transfer())
        .isEqualTo(
            new TransferConfig(
                ByteSize.of("128KiB"),
                ByteSize.of("4MiB"),
                ByteSize.of("32MiB"),
                Duration.ofSeconds(60),
                Runtime.getRuntime().availableProcessors(),
                true));
  }

  @Test
  void transferGiven() {
    var config =
        TestingConfig.load(
            """
            transfer:
              chunk_size: 64KiB
              window: 64KiB
              memory_budget: 1MiB
              idle_timeout: 1s
              hash_threads: 3
              fsync: false
            """);

    assertThat(config.transfer())
        .isEqualTo(
            new TransferConfig(
                ByteSize.of("64KiB"),
                ByteSize.of("64KiB"),
                ByteSize.of("1MiB"),
                Duration.ofSeconds(1),
                3,
                false));
  }

  @Test
  void leaseByDefault() {
    assertThat(defaults.lease())
        .isEqualTo(new LeaseConfig(Duration.ofSeconds(15), Duration.ofSeconds(10)));
  }

  @Test
  void leaseGiven() {
    assertThat(TestingConfig.load("lease: {ttl: 1m, gc_interval: 2m}").lease())
        .isEqualTo(new LeaseConfig(Duration.ofMinutes(1), Duration.ofMinutes(2)));
  }

  @Test
  void scrubByDefault() {
    assertThat(defaults.scrub())
        .isEqualTo(
            new ScrubConfig(
                true,
                ByteSize.of("16MiB"),
                Duration.ofDays(30),
                Duration.ofDays(1),
                Duration.ofDays(1)));
  }

  @Test
  void scrubGiven() {
    var config =
        TestingConfig.load(
            """
            scrub: {enabled: false, rate: 1GiB, interval: 7d, survey_interval: 1h, orphan_grace: 2d}
            """);

    assertThat(config.scrub())
        .isEqualTo(
            new ScrubConfig(
                false,
                ByteSize.of("1GiB"),
                Duration.ofDays(7),
                Duration.ofHours(1),
                Duration.ofDays(2)));
  }

  @Test
  void importByDefault() {
    assertThat(defaults.importing())
        .isEqualTo(
            new ImportConfig(
                List.of("glance-direct", "web-download", "copy-image"),
                List.of("image_conversion"),
                2,
                3,
                1,
                HERE.resolve("scratch"),
                Duration.ofHours(48),
                new ImportConfig.Decompression(100, ByteSize.of("1TiB"), Duration.ofHours(1)),
                new ImportConfig.InjectMetadata(Map.of(), List.of("admin")),
                new ImportConfig.Conversion(
                    "raw",
                    ByteSize.of("1GiB"),
                    Duration.ofMinutes(30),
                    Duration.ofHours(1),
                    ByteSize.of("1TiB"),
                    "qemu-img"),
                new ImportConfig.WebDownload(
                    List.of("http", "https"),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(80, 443),
                    List.of(),
                    List.of(),
                    List.of(),
                    5,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60),
                    3,
                    100,
                    Duration.ofSeconds(1)),
                new ImportConfig.GlanceDownload(
                    List.of("hw_", "trait:", "os_distro", "os_secure_boot", "os_type"),
                    Optional.empty(),
                    new Secret(""))));
  }

  @Test
  void importGiven() {
    var config =
        TestingConfig.load(
            """
            import:
              methods: [web-download]
              plugins: [inject_image_metadata, image_decompression, image_conversion]
              concurrency: 5
              max_attempts: 6
              max_parallel_stores: 7
              scratch_dir: /scratch
              task_ttl: 7d
              decompression: {max_ratio: 7, max_size: 8MiB, time_limit: 9m}
              inject_metadata:
                properties: {site: north, hw_vif_multiqueue_enabled: true}
                ignore_roles: [editor]
              conversion:
                output_format: qcow2
                memory_limit: 2GiB
                cpu_limit: 1m
                time_limit: 2m
                output_limit: 3GiB
                qemu_img: /opt/qemu-img
              web_download:
                allowed_schemes: [https]
                disallowed_schemes: [http]
                allowed_hosts: [mirror.example]
                disallowed_hosts: [intranet.example]
                allowed_ports: [8443]
                disallowed_ports: [22]
                allowed_networks: [10.0.0.0/8, "fd00::/8"]
                disallowed_networks: [8.8.8.0/24]
                max_redirects: 0
                connect_timeout: 1s
                read_timeout: 2s
                max_attempts: 1
                max_resumes: 7
                retry_pause: 20ms
              glance_download:
                extra_properties: [os_]
                ca_file: /etc/hosts
                token_key: thirty-two characters or more, yes
            """);

    assertThat(config.importing())
        .isEqualTo(
            new ImportConfig(
                List.of("web-download"),
                List.of("inject_image_metadata", "image_decompression", "image_conversion"),
                5,
                6,
                7,
                Path.of("/scratch"),
                Duration.ofDays(7),
                new ImportConfig.Decompression(7, ByteSize.of("8MiB"), Duration.ofMinutes(9)),
                new ImportConfig.InjectMetadata(
                    Map.of("site", "north", "hw_vif_multiqueue_enabled", "true"),
                    List.of("editor")),
                new ImportConfig.Conversion(
                    "qcow2",
                    ByteSize.of("2GiB"),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(2),
                    ByteSize.of("3GiB"),
                    "/opt/qemu-img"),
                new ImportConfig.WebDownload(
                    List.of("https"),
                    List.of("http"),
                    List.of("mirror.example"),
                    List.of("intranet.example"),
                    List.of(8443),
                    List.of(22),
                    List.of("10.0.0.0/8", "fd00::/8"),
                    List.of("8.8.8.0/24"),
                    0,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    1,
                    7,
                    Duration.ofMillis(20)),
                new ImportConfig.GlanceDownload(
                    List.of("os_"),
                    Optional.of(Path.of("/etc/hosts")),
                    new Secret("thirty-two characters or more, yes"))));
  }

  @Test
  void quotaByDefault() {
    assertThat(defaults.quota())
        .isEqualTo(
            new QuotaConfig(
                "none",
                -1,
                -1,
                -1,
                -1,
                new ByteSize(0),
                new QuotaConfig.Keystone("", "", Duration.ofSeconds(30))));
  }

  @Test
  void quotaGiven() {
    var config =
        TestingConfig.load(
            """
            identity: {kind: keystone, keystone: {url: "http://keystone", password: x}}
            quota:
              source: keystone
              image_size_total: 1
              image_stage_total: 2
              image_count_total: 3
              image_count_uploading: 0
              user_storage_quota: 5GiB
              keystone: {service_id: glance, region_id: north, cache_ttl: 1m}
            """);

    assertThat(config.quota())
        .isEqualTo(
            new QuotaConfig(
                "keystone",
                1,
                2,
                3,
                0,
                ByteSize.of("5GiB"),
                new QuotaConfig.Keystone("glance", "north", Duration.ofMinutes(1))));
  }

  @Test
  void refusesQuotasOfAKeystoneThatIsNotAsked() {
    assertThatThrownBy(() -> TestingConfig.load("quota: {source: keystone}"))
        .hasMessageContaining("quota.source");
  }

  @Test
  void metadefsByDefault() {
    assertThat(defaults.metadefs()).isEqualTo(new MetadefsConfig(true, Optional.empty()));
  }

  @Test
  void metadefsGiven() {
    assertThat(TestingConfig.load("metadefs: {builtin: false, dir: some/../place}").metadefs())
        .isEqualTo(new MetadefsConfig(false, Optional.of(Path.of("place").toAbsolutePath())));
  }

  @Test
  void signatureByDefault() {
    assertThat(defaults.signature())
        .isEqualTo(
            new SignatureConfig(
                Optional.empty(), HERE.resolve("certificates"), Duration.ofSeconds(10)));
  }

  @Test
  void signatureGiven() {
    var config =
        TestingConfig.load(
            """
            signature:
              barbican_url: https://barbican.example:9311
              certificates_dir: /etc/vitrine/signers
              timeout: 3s
            """);

    assertThat(config.signature())
        .isEqualTo(
            new SignatureConfig(
                Optional.of(URI.create("https://barbican.example:9311")),
                Path.of("/etc/vitrine/signers"),
                Duration.ofSeconds(3)));
  }

  @Test
  void cacheByDefault() {
    assertThat(defaults.cache())
        .isEqualTo(
            new CacheConfig(
                false, HERE.resolve("cache"), ByteSize.of("10GiB"), Duration.ofHours(24)));
  }

  @Test
  void cacheGiven() {
    var config =
        TestingConfig.load(
            "cache: {enabled: true, dir: /var/cache/vitrine, max_size: 1GiB, stall_time: 5m}");

    assertThat(config.cache())
        .isEqualTo(
            new CacheConfig(
                true, Path.of("/var/cache/vitrine"), ByteSize.of("1GiB"), Duration.ofMinutes(5)));
  }

  @Test
  void clusterByDefault() {
    assertThat(defaults.cluster())
        .isEqualTo(
            new ClusterConfig(
                false,
                "vitrine",
                new Secret(""),
                "",
                List.of(),
                "",
                5701,
                15701,
                new ClusterConfig.Heartbeat(Duration.ofSeconds(2), Duration.ofSeconds(20)),
                new ClusterConfig.Merge(Duration.ofSeconds(20), Duration.ofSeconds(10)),
                Duration.ofSeconds(10),
                Duration.ofMinutes(10),
                new ClusterConfig.Tls(Optional.empty(), Optional.empty(), Optional.empty())));
  }

  @Test
  void clusterGiven(@TempDir Path dir) throws Exception {
    var file = Files.writeString(dir.resolve("pem"), "");

    var config =
        TestingConfig.load(
            """
            cluster:
              enabled: true
              name: north
              secret: hush
              dns_name: vitrine-headless
              members: [10.0.0.1, "node-b:5702"]
              host: 10.0.0.2
              port: 5703
              event_bus_port: 15703
              heartbeat: {interval: 1s, timeout: 5s}
              merge: {first_delay: 3s, next_delay: 4s}
              request_timeout: 6s
              patience: 7m
              tls: {certificate: %1$s, key: %1$s, ca: %1$s}
            """
                .formatted(file));

    assertThat(config.cluster())
        .isEqualTo(
            new ClusterConfig(
                true,
                "north",
                new Secret("hush"),
                "vitrine-headless",
                List.of("10.0.0.1", "node-b:5702"),
                "10.0.0.2",
                5703,
                15703,
                new ClusterConfig.Heartbeat(Duration.ofSeconds(1), Duration.ofSeconds(5)),
                new ClusterConfig.Merge(Duration.ofSeconds(3), Duration.ofSeconds(4)),
                Duration.ofSeconds(6),
                Duration.ofMinutes(7),
                new ClusterConfig.Tls(Optional.of(file), Optional.of(file), Optional.of(file))));
    assertThat(config.toString()).doesNotContain("hush");
  }

  @Test
  void clusterMustBeFound() {
    assertThatThrownBy(() -> TestingConfig.load("cluster: {enabled: true}"))
        .hasMessageContaining("a cluster needs dns_name or members");
    assertThatThrownBy(
            () -> TestingConfig.load("cluster: {heartbeat: {interval: 9s, timeout: 9s}}"))
        .hasMessageContaining("must be longer than the interval");
    assertThatThrownBy(() -> TestingConfig.load("cluster: {tls: {ca: conf/vitrine.yaml}}"))
        .hasMessageContaining("certificate, key and ca are of use only together");
  }

  @Test
  void shutdownByDefault() {
    assertThat(defaults.shutdown())
        .isEqualTo(
            new ShutdownConfig(Duration.ZERO, Duration.ofSeconds(30), Duration.ofSeconds(5)));
  }

  @Test
  void shutdownGiven() {
    var config = TestingConfig.load("shutdown: {ready_delay: 5s, grace: 0s, import_grace: 1m}");

    assertThat(config.shutdown())
        .isEqualTo(new ShutdownConfig(Duration.ofSeconds(5), Duration.ZERO, Duration.ofMinutes(1)));
  }

  @Test
  void logIsTextUnlessSet() {
    assertThat(defaults.log()).isEqualTo(new LogConfig("text"));
    assertThat(TestingConfig.load("log: {format: json}").log()).isEqualTo(new LogConfig("json"));
  }

  @Test
  void printsItselfSoThatItCanBeLoadedAgain() {
    var printed = defaults.toString();

    assertThat(TestingConfig.load(printed)).isEqualTo(defaults);
  }

  @Test
  void printsNoSecret() {
    var config =
        TestingConfig.load(
            "database: {url: 'postgresql://a:sesame@h/d?password=poppy', password: hush}");

    assertThat(config.toString())
        .contains("url: postgresql://a:(hidden)@h/d?password=(hidden)", "password: \"(hidden)\"")
        .doesNotContain("sesame", "poppy", "hush");
  }

  @Test
  void copiesWhatItIsGiven() {
    assertThatThrownBy(() -> defaults.stores().backends().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private static StoresConfig.Staging staging(Path dir) {
    return new StoresConfig.Staging("file", new StoresConfig.Settings.Files(dir));
  }

  private static StoresConfig.Backend files(Path dir) {
    return new StoresConfig.Backend("file", new StoresConfig.Settings.Files(dir), "", 0, false);
  }
}
