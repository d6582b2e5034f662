package io.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.console.ConsoleConfig;
import io.vitrine.api.filter.CorsConfig;
import io.vitrine.api.filter.HealthcheckConfig;
import io.vitrine.config.ByteSize;
import io.vitrine.net.address.Url;
import io.vitrine.net.listener.LimitsConfig;
import io.vitrine.net.listener.TlsConfig;
import io.vitrine.net.proxy.FrontConfig;
import io.vitrine.net.uwsgi.UwsgiConfig;
import io.vitrine.observe.metrics.ManagementConfig;
import io.vitrine.settings.TestingConfig;
import io.vitrine.settings.VitrineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The listeners: http, uwsgi, management. */
class HttpConfigTest {
  private final VitrineConfig defaults = TestingConfig.defaults();

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
                    new ByteSize(0),
                    64,
                    10_000,
                    0,
                    1000,
                    50),
                Duration.ofHours(24),
                new CorsConfig(List.of(), true),
                new HealthcheckConfig(Optional.empty(), List.of(), List.of(), false),
                new ConsoleConfig(true),
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
              max_answer_memory: 32MiB
              max_request_id_length: 100
              idempotency_ttl: 10m
              cors: {allowed_origins: ["https://cloud.example"], allow_credentials: false}
              healthcheck:
                disable_by_file_path: /etc/off
                disable_by_file_paths: ["9292:/etc/off-9292"]
                enable_by_file_paths: [/images/.marker]
                detailed: true
              console: {enabled: false}
              instances: 4
            """
                .formatted(certificate, key, authority));

    assertThat(config.http())
        .isEqualTo(
            new HttpConfig(
                "::1",
                0,
                new FrontConfig(
                    Optional.of(Url.parse("https://images.example/v2")),
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
                    ByteSize.of("32MiB"),
                    100,
                    100,
                    3,
                    4,
                    2),
                Duration.ofMinutes(10),
                new CorsConfig(List.of("https://cloud.example"), false),
                new HealthcheckConfig(
                    Optional.of(Path.of("/etc/off")),
                    List.of("9292:/etc/off-9292"),
                    List.of("/images/.marker"),
                    true),
                new ConsoleConfig(false),
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
}
