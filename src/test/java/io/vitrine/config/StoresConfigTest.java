package io.vitrine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where data is kept: stores, transfer, lease, scrub. */
class StoresConfigTest {
  private static final Path HERE = Path.of("vitrine-data").toAbsolutePath();

  private final VitrineConfig defaults = TestingConfig.defaults();

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
                  direct_io: false
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
                                false,
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

  private static StoresConfig.Backend rbd(RbdConfig config) {
    return new StoresConfig.Backend("rbd", new StoresConfig.Settings.Rbd(config), "", 0, false);
  }

  private static StoresConfig.Backend swift(SwiftConfig config) {
    return new StoresConfig.Backend("swift", new StoresConfig.Settings.Swift(config), "", 0, false);
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

  private static StoresConfig.Staging staging(Path dir) {
    return new StoresConfig.Staging(
        "file",
        new StoresConfig.Settings.Files(dir, List.of(), ByteSize.of("0"), "", false, false, false));
  }

  private static StoresConfig.Backend files(Path dir) {
    return new StoresConfig.Backend("file", new StoresConfig.Settings.Files(dir), "", 0, false);
  }
}
