package io.vitrine.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.config.ByteSize;
import io.vitrine.config.Secret;
import io.vitrine.fetch.UrlConfig;
import io.vitrine.fetch.WebDownloadConfig;
import io.vitrine.image.edit.InjectedProperties;
import io.vitrine.importer.convert.ConversionConfig;
import io.vitrine.importer.decompress.DecompressionConfig;
import io.vitrine.importer.engine.ConversionLimits;
import io.vitrine.importer.finish.RetryConfig;
import io.vitrine.importer.inject.InjectionConfig;
import io.vitrine.importer.transform.PluginsConfig;
import io.vitrine.settings.TestingConfig;
import io.vitrine.settings.VitrineConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How data is imported. */
class ImportConfigTest {
  private static final Path HERE = Path.of("vitrine-data").toAbsolutePath();

  private final VitrineConfig defaults = TestingConfig.defaults();

  @Test
  void importByDefault() {
    assertThat(defaults.importing())
        .isEqualTo(
            new ImportConfig(
                List.of("glance-direct", "web-download", "copy-image"),
                new PluginsConfig(
                    List.of(ConversionConfig.KIND),
                    Map.of(
                        DecompressionConfig.KIND,
                            new DecompressionConfig(
                                100, ByteSize.of("1GiB"), ByteSize.of("1TiB"), Duration.ofHours(1)),
                        InjectionConfig.KIND,
                            new InjectionConfig(new InjectedProperties(Map.of(), List.of("admin"))),
                        ConversionConfig.KIND,
                            new ConversionConfig(
                                "builtin",
                                "raw",
                                true,
                                new ConversionLimits(
                                    ByteSize.of("1GiB"),
                                    Duration.ofMinutes(30),
                                    Duration.ofHours(1),
                                    ByteSize.of("1TiB")),
                                "qemu-img"))),
                new SlotsConfig(2, 8, 1),
                new RetryConfig(3, 10, Duration.ofDays(7)),
                1,
                HERE.resolve("scratch"),
                Duration.ofHours(48),
                new WebDownloadConfig(
                    new UrlConfig(
                        List.of("http", "https"),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(80, 443),
                        List.of(),
                        List.of(),
                        List.of()),
                    5,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60),
                    3,
                    100,
                    Duration.ofSeconds(1),
                    ByteSize.of("16KiB"),
                    Duration.ofMinutes(1),
                    Duration.ofDays(1)),
                new ImportConfig.GlanceDownload(
                    List.of("hw_", "trait:", "os_distro", "os_secure_boot", "os_type"),
                    Optional.empty(),
                    new Secret(""))));
  }

  @Test
  void namesThePluginsThatThereAreAndTheirOrder() {
    assertThat(TestingConfig.faults("import: {plugins: [image_compression]}"))
        .containsExactly(
            "import.plugins: [\"image_compression\"] is not allowed; give a list of any of"
                + " image_decompression, inject_image_metadata, image_conversion");
    for (var plugins :
        List.of("image_conversion, image_decompression", "image_conversion, image_conversion")) {
      assertThat(TestingConfig.faults("import: {plugins: [%s]}".formatted(plugins)))
          .containsExactly("import.plugins: each once, and decompression before conversion");
    }
  }

  @Test
  void namesTheEnginesThatThereAre() {
    assertThat(TestingConfig.faults("import: {conversion: {engine: magick}}"))
        .containsExactly(
            "import.conversion.engine: \"magick\" is not allowed; give one of builtin, qemu-img");
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
              downloads: 9
              reserve: 0
              max_crashes: 8
              patience: 1h
              max_attempts: 6
              max_parallel_stores: 7
              scratch_dir: /scratch
              task_ttl: 7d
              decompression: {max_ratio: 7, ratio_from: 3MiB, max_size: 8MiB, time_limit: 9m}
              inject_metadata:
                properties: {site: north, hw_vif_multiqueue_enabled: true}
                ignore_roles: [editor]
              conversion:
                early: false
                engine: qemu-img
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
                min_rate: 1MiB
                min_rate_window: 30s
                time_limit: 2h
              glance_download:
                extra_properties: [os_]
                ca_file: /etc/hosts
                token_key: thirty-two characters or more, yes
            """);

    assertThat(config.importing())
        .isEqualTo(
            new ImportConfig(
                List.of("web-download"),
                new PluginsConfig(
                    List.of(InjectionConfig.KIND, DecompressionConfig.KIND, ConversionConfig.KIND),
                    Map.of(
                        DecompressionConfig.KIND,
                            new DecompressionConfig(
                                7, ByteSize.of("3MiB"), ByteSize.of("8MiB"), Duration.ofMinutes(9)),
                        InjectionConfig.KIND,
                            new InjectionConfig(
                                new InjectedProperties(
                                    Map.of("site", "north", "hw_vif_multiqueue_enabled", "true"),
                                    List.of("editor"))),
                        ConversionConfig.KIND,
                            new ConversionConfig(
                                "qemu-img",
                                "qcow2",
                                false,
                                new ConversionLimits(
                                    ByteSize.of("2GiB"),
                                    Duration.ofMinutes(1),
                                    Duration.ofMinutes(2),
                                    ByteSize.of("3GiB")),
                                "/opt/qemu-img"))),
                new SlotsConfig(5, 9, 0),
                new RetryConfig(6, 8, Duration.ofHours(1)),
                7,
                Path.of("/scratch"),
                Duration.ofDays(7),
                new WebDownloadConfig(
                    new UrlConfig(
                        List.of("https"),
                        List.of("http"),
                        List.of("mirror.example"),
                        List.of("intranet.example"),
                        List.of(8443),
                        List.of(22),
                        List.of("10.0.0.0/8", "fd00::/8"),
                        List.of("8.8.8.0/24")),
                    0,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    1,
                    7,
                    Duration.ofMillis(20),
                    ByteSize.of("1MiB"),
                    Duration.ofSeconds(30),
                    Duration.ofHours(2)),
                new ImportConfig.GlanceDownload(
                    List.of("os_"),
                    Optional.of(Path.of("/etc/hosts")),
                    new Secret("thirty-two characters or more, yes"))));
  }
}
