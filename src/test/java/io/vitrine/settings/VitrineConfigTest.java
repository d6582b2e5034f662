package io.vitrine.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.access.signature.SignatureConfig;
import io.vitrine.catalog.database.DatabaseConfig;
import io.vitrine.catalog.database.DatabaseUrl;
import io.vitrine.catalog.metadefs.MetadefsConfig;
import io.vitrine.catalog.tls.DatabaseTlsConfig;
import io.vitrine.config.ByteSize;
import io.vitrine.config.Secret;
import io.vitrine.format.FormatConfig;
import io.vitrine.format.TestingFormatConfig;
import io.vitrine.net.address.Url;
import io.vitrine.upkeep.cache.CacheConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Each section twice, its defaults and every key given, as the tests beside this one; then the
 * whole.
 */
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
    var config = VitrineConfig.load(List.of(), Map.of("HOSTNAME", "pod-7"));

    assertThat(config.node()).isEqualTo(new NodeConfig("pod-7"));
    assertThat(defaults.node().name()).isNotEmpty();
  }

  @Test
  void nodeGiven() {
    assertThat(TestingConfig.load("node: {name: blue}").node()).isEqualTo(new NodeConfig("blue"));
  }

  @Test
  void dataByDefault() {
    assertThat(defaults.data()).isEqualTo(new DataConfig(HERE));
    assertThat(VitrineConfig.load(List.of(), Map.of("XDG_DATA_HOME", "/home/x/share")).data())
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
                new DatabaseTlsConfig("prefer", "", "", "", new Secret("")),
                DatabaseConfig.Pooler.NONE,
                Math.clamp(2L * Runtime.getRuntime().availableProcessors(), 4, 8),
                4,
                new DatabaseConfig.Waiting(Duration.ofSeconds(30), 1000, 250),
                Duration.ofSeconds(90),
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
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
              tls: {mode: require}
              pooler: transaction
              pool_size: 200
              upkeep_pool_size: 20
              waiting: {timeout: 100ms, max: 10, max_per_client: 1}
              start_timeout: 10m
              connect_timeout: 500ms
              answer_timeout: 2s
              statement_timeout: 1h
            """);

    assertThat(config.database())
        .isEqualTo(
            new DatabaseConfig(
                Optional.of(DatabaseUrl.of("postgresql://a:b@db.example:5433/images")),
                "glance",
                new Secret("hush"),
                new DatabaseTlsConfig("require", "", "", "", new Secret("")),
                DatabaseConfig.Pooler.TRANSACTION,
                200,
                20,
                new DatabaseConfig.Waiting(Duration.ofMillis(100), 10, 1),
                Duration.ofMinutes(10),
                Duration.ofMillis(500),
                Duration.ofSeconds(2),
                Duration.ofHours(1)));
    assertThat(config.database().isEmbedded()).isFalse();
  }

  @Test
  void imageByDefault() {
    assertThat(defaults.image())
        .isEqualTo(
            new ImageConfig(
                ByteSize.of("1TiB"),
                List.of(
                    "ami", "ari", "aki", "vhd", "vhdx", "vmdk", "raw", "qcow2", "vdi", "iso",
                    "ploop", "luks", "gpt"),
                List.of("ami", "ari", "aki", "bare", "ovf", "ova", "docker", "compressed"),
                TestingFormatConfig.DEFAULT,
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
              gpt_checks_always: true
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
                new FormatConfig(false, List.of(), List.of("mbr"), true),
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
                Optional.of(Url.parse("https://barbican.example:9311")),
                Path.of("/etc/vitrine/signers"),
                Duration.ofSeconds(3)));
  }

  @Test
  void cacheByDefault() {
    assertThat(defaults.cache())
        .isEqualTo(
            new CacheConfig(
                false,
                HERE.resolve("cache"),
                ByteSize.of("10GiB"),
                Duration.ofHours(24),
                Optional.empty()));
  }

  @Test
  void cacheGiven() {
    var config =
        TestingConfig.load(
            """
            cache: {enabled: true, dir: /var/cache/vitrine, max_size: 1GiB, stall_time: 5m, node_url: "http://node:9292"}
            """);

    assertThat(config.cache())
        .isEqualTo(
            new CacheConfig(
                true,
                Path.of("/var/cache/vitrine"),
                ByteSize.of("1GiB"),
                Duration.ofMinutes(5),
                Optional.of("http://node:9292")));
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
}
