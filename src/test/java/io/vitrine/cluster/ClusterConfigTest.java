package io.vitrine.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.config.Secret;
import io.vitrine.net.address.Url;
import io.vitrine.observe.log.LogConfig;
import io.vitrine.observe.trace.TracingConfig;
import io.vitrine.settings.ShutdownConfig;
import io.vitrine.settings.TestingConfig;
import io.vitrine.settings.VitrineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes and what watches them: cluster, shutdown, log, tracing. */
class ClusterConfigTest {
  private final VitrineConfig defaults = TestingConfig.defaults();

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
                new ClusterConfig.Heartbeat(Duration.ofSeconds(1), Duration.ofSeconds(6)),
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
        .hasMessageContaining("certificate, key and ca must be given together");
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
  void tracingByDefault() {
    assertThat(defaults.tracing())
        .isEqualTo(
            new TracingConfig(
                false,
                Optional.of(Url.parse("http://127.0.0.1:4318/v1/traces")),
                new Secret(""),
                Optional.empty(),
                "vitrine",
                1.0,
                true));
    assertThat(defaults.tracing().headersByName()).isEmpty();
  }

  @Test
  void tracingGiven(@TempDir Path directory) throws IOException {
    var authority = Files.createFile(directory.resolve("ca.pem"));
    var config =
        TestingConfig.load(
            """
            tracing:
              enabled: true
              endpoint: https://collector.example/v1/traces
              headers: "Authorization=Bearer%%20a+b=, x-team=blue"
              ca_file: %s
              service_name: images
              sample_ratio: 0.25
              follow_callers: false
            """
                .formatted(authority));

    assertThat(config.tracing())
        .isEqualTo(
            new TracingConfig(
                true,
                Optional.of(Url.parse("https://collector.example/v1/traces")),
                new Secret("Authorization=Bearer%20a+b=, x-team=blue"),
                Optional.of(authority),
                "images",
                0.25,
                false));
    assertThat(config.tracing().headersByName())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("Authorization", "Bearer a+b=", "x-team", "blue"));
  }

  @Test
  void tracingMustBeOfUse() {
    assertThatThrownBy(() -> TestingConfig.load("tracing: {enabled: true, endpoint: ''}"))
        .hasMessageContaining("tracing.endpoint: tracing needs the URL");
    assertThatThrownBy(() -> TestingConfig.load("tracing: {headers: 'Bearer sesame'}"))
        .hasMessageContaining("tracing.headers: give pairs of name=value")
        .hasMessageNotContaining("sesame");
    assertThatThrownBy(() -> TestingConfig.load("tracing: {sample_ratio: 1.5}"))
        .hasMessageContaining(
            "tracing.sample_ratio: 1.5 is not allowed; give a number from 0 to 1");
  }
}
