package io.vitrine.store.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.config.ByteSize;
import io.vitrine.config.ConfigException;
import io.vitrine.config.Secret;
import io.vitrine.fetch.UrlConfig;
import io.vitrine.net.address.Url;
import io.vitrine.settings.TestingConfig;
import io.vitrine.settings.VitrineConfig;
import io.vitrine.store.rbd.RbdConfig;
import io.vitrine.store.s3.S3Config;
import io.vitrine.store.swift.SwiftConfig;
import io.vitrine.store.swift.SwiftLogin;
import io.vitrine.store.web.WebStoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What each kind of store is told: Ceph, Swift and S3. */
class BackendsConfigTest {
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
                        new SwiftLogin(
                            3,
                            Optional.of(Url.parse("https://keystone/v3")),
                            "glance",
                            new Secret(""),
                            "Default",
                            "service",
                            "Default",
                            "",
                            new Secret(""),
                            ""),
                        "glance",
                        false,
                        ByteSize.of("200MiB"),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        2)),
                "other",
                swift(
                    new SwiftConfig(
                        new SwiftLogin(
                            1,
                            Optional.of(Url.parse("http://gateway/auth/v1.0")),
                            "account:user",
                            new Secret("secret"),
                            "heat",
                            "pictures",
                            "arts",
                            "id",
                            new Secret("hidden"),
                            "north"),
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

    assertThat(store(config, "cloud")).isEqualTo(bucket("cloud"));
    assertThat(config.stores().staging().store()).isEqualTo(bucket("staging"));
    assertThat(store(config, "near"))
        .isEqualTo(
            new S3Config(
                Optional.of(Url.parse("https://s3.example:9000")),
                "eu-1",
                "images",
                "some/where",
                new S3Config.Keys(new Secret("known"), new Secret("unknown")),
                false,
                Optional.empty(),
                new S3Config.Parts(ByteSize.of("16MiB"), ByteSize.of("1GiB"), 8),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10)));
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
  void storesOnTheWeb() {
    var config =
        TestingConfig.load(
            """
            stores:
              default: near
              backends:
                near: {kind: http}
                far:
                  kind: http
                  http:
                    allowed_schemes: [https]
                    disallowed_schemes: [http]
                    allowed_hosts: [mirror.example]
                    disallowed_hosts: [other.example]
                    allowed_ports: [8443]
                    disallowed_ports: [22]
                    allowed_networks: [10.0.0.0/8]
                    disallowed_networks: [8.8.8.0/24]
                    ca_file: /etc/hosts
                    compare_length: true
            """);

    assertThat(store(config, "near")).isEqualTo(web());
    assertThat(store(config, "far"))
        .isEqualTo(
            new WebStoreConfig(
                new UrlConfig(
                    List.of("https"),
                    List.of("http"),
                    List.of("mirror.example"),
                    List.of("other.example"),
                    List.of(8443),
                    List.of(22),
                    List.of("10.0.0.0/8"),
                    List.of("8.8.8.0/24")),
                Optional.of(Path.of("/etc/hosts")),
                true));
  }

  @Test
  void portsFromTheEnvironment() {
    var config =
        VitrineConfig.load(
            List.of(),
            Map.of(
                "VITRINE_STORES__DEFAULT", "web",
                "VITRINE_STORES__BACKENDS__WEB__KIND", "http",
                "VITRINE_STORES__BACKENDS__WEB__HTTP__ALLOWED_PORTS", "8080,8443"));

    assertThat(store(config, "web"))
        .isInstanceOfSatisfying(
            WebStoreConfig.class,
            web -> assertThat(web.permitted().allowedPorts()).containsExactly(8080, 8443));
  }

  static WebStoreConfig web() {
    return new WebStoreConfig(
        new UrlConfig(
            List.of("http", "https"),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of()),
        Optional.empty(),
        false);
  }

  private static StoresConfig.Backend rbd(RbdConfig config) {
    return new StoresConfig.Backend(RbdConfig.KIND, config, "", 0, false, false);
  }

  private static StoresConfig.Backend swift(SwiftConfig config) {
    return new StoresConfig.Backend(SwiftConfig.KIND, config, "", 0, false, false);
  }

  private static StoreConfig store(VitrineConfig config, String backend) {
    return Objects.requireNonNull(config.stores().backends().get(backend)).store();
  }

  private static S3Config bucket(String prefix) {
    return new S3Config(
        Optional.empty(),
        "us-east-1",
        "images",
        prefix,
        new S3Config.Keys(new Secret(""), new Secret("")),
        true,
        Optional.empty(),
        new S3Config.Parts(ByteSize.of("8MiB"), ByteSize.of("128MiB"), 4),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30));
  }
}
