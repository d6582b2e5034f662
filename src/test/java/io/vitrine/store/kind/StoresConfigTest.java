package io.vitrine.store.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.catalog.sql.LeaseConfig;
import io.vitrine.config.ByteSize;
import io.vitrine.config.ConfigException;
import io.vitrine.settings.TestingConfig;
import io.vitrine.settings.VitrineConfig;
import io.vitrine.store.file.DirectIo;
import io.vitrine.store.file.FileConfig;
import io.vitrine.store.web.WebStoreConfig;
import io.vitrine.transfer.stream.TransferConfig;
import io.vitrine.upkeep.scrub.ScrubConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
                2,
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
              instances: 5
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
                5,
                Map.of(
                    "slow", files(Path.of("/data/stores/slow")),
                    "fast",
                        new StoresConfig.Backend(
                            FileConfig.KIND,
                            new FileConfig(
                                Path.of("/ssd"),
                                List.of("/a:200", "/b:100"),
                                ByteSize.of("1GiB"),
                                "0640",
                                true,
                                DirectIo.FALSE,
                                true),
                            "The fast one",
                            5,
                            false,
                            true),
                    "old",
                        new StoresConfig.Backend(
                            FileConfig.KIND, file(Path.of("/old")), "", -5, true, false),
                    "web",
                        new StoresConfig.Backend(
                            WebStoreConfig.KIND, BackendsConfigTest.web(), "", 0, false, false)),
                staging(Path.of("/staging"))));
    assertThat(config.stores().backends().keySet()).containsExactly("slow", "fast", "old", "web");
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
  void transferByDefault() {
    assertThat(defaults.transfer())
        .isEqualTo(
            new TransferConfig(
                ByteSize.of("128KiB"),
                ByteSize.of("4MiB"),
                ByteSize.of("8MiB"),
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
                Duration.ofMinutes(5),
                Duration.ofDays(1),
                Duration.ofDays(1)));
  }

  @Test
  void scrubGiven() {
    var config =
        TestingConfig.load(
            """
            scrub: {enabled: false, rate: 1GiB, interval: 7d, recheck_interval: 1m,
              survey_interval: 1h, orphan_grace: 2d}
            """);

    assertThat(config.scrub())
        .isEqualTo(
            new ScrubConfig(
                false,
                ByteSize.of("1GiB"),
                Duration.ofDays(7),
                Duration.ofMinutes(1),
                Duration.ofHours(1),
                Duration.ofDays(2)));
  }

  private static StoresConfig.Staging staging(Path dir) {
    return new StoresConfig.Staging(
        FileConfig.KIND,
        new FileConfig(dir, List.of(), ByteSize.of("0"), "", false, DirectIo.FALSE, false));
  }

  private static StoresConfig.Backend files(Path dir) {
    return new StoresConfig.Backend(FileConfig.KIND, file(dir), "", 0, false, false);
  }

  static FileConfig file(Path dir) {
    return new FileConfig(dir, List.of(), new ByteSize(0), "", false, DirectIo.AUTO, false);
  }
}
