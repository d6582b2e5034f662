package io.vitrine.api.imports;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.format.block.ClusterCompression;
import io.vitrine.importer.TestingDiskImages;
import io.vitrine.importer.TestingImages;
import io.vitrine.importer.decompress.Compression;
import io.vitrine.importer.decompress.TestingArchives;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports through all plugins. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PluginsWireTest {
  private static final int MIB = 1 << 20;

  /** What decompression may make of anything. */
  private static final int BOUND = 64 * MIB;

  private static final byte[] ISO_MARK = "\1CD001\1".getBytes(US_ASCII);

  private Path home;
  private TestingSource source;
  private TestingServer server;
  private TestingApi api;

  @TempDir private Path directory = Path.of("");

  @BeforeAll
  void start() throws Exception {
    source = TestingSource.start();
    home = TestingServer.newDirectory();
    server =
        TestingServer.start(
            home,
            Map.of("VITRINE_IMPORT__WEB_DOWNLOAD__ALLOWED_PORTS", String.valueOf(source.port())),
            """
            import:
              plugins: [image_decompression, image_conversion, inject_image_metadata]
              decompression: {max_size: %d}
              conversion: {output_format: qcow2, output_limit: 1GiB}
              inject_metadata:
                properties: {os_site: north, os_type: linux}
                ignore_roles: [auditor]
            image: {property_quota: 4}
            """
                .formatted(BOUND));
    api = new TestingApi(server.port());
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    source.close();
    TestingServer.remove(home);
  }

  private static JsonObject described(String diskFormat) {
    return new JsonObject().put("disk_format", diskFormat).put("container_format", "bare");
  }

  private byte[] raw() throws IOException {
    return Files.readAllBytes(TestingImages.raw(directory, 4));
  }

  /** The image as it is once its import has succeeded. */
  private JsonObject imported(String id) throws Exception {
    var task = ended(id);
    assertThat(task.getString("status")).as(task.getString("message")).isEqualTo("success");
    TestingConditions.await(server::scratch, List::isEmpty);
    return api.image(id);
  }

  private JsonObject ended(String id) {
    return TestingConditions.await(
        () -> api.task(id), seen -> seen.getString("expires_at") != null);
  }

  private void assertIsDisk(String id, byte[] disk) throws Exception {
    var converted = TestingDiskImages.disk("qcow2", api.download(id).body());
    assertThat(Arrays.equals(converted, disk)).isTrue();
  }

  @Test
  void decompressesConvertsAndInjects() throws Exception {
    var raw = raw();
    var id = api.create(described("raw").put("os_type", "windows").put("mine", "kept"));
    var messages = new ConcurrentSkipListSet<String>();
    var statuses = new ConcurrentSkipListSet<String>();

    api.importFrom(id, source.serve(TestingArchives.compress(Compression.XZ, raw)));
    TestingConditions.await(
        () -> {
          var task = api.task(id);
          messages.add(task.getString("message").replaceAll(":.*", ""));
          statuses.add(api.image(id).getString("status"));
          return task;
        },
        task -> task.getString("expires_at") != null);

    var image = imported(id);
    assertThat(statuses).isSubsetOf("importing", "active");
    assertThat(messages)
        .contains("Imported to local.")
        .isSubsetOf(
            "",
            "Downloading",
            "Decompressing",
            "Inspecting",
            "Converting from raw to qcow2",
            "Setting properties",
            "Storing in local",
            "Imported to local.");
    assertThat(image.getString("disk_format")).isEqualTo("qcow2");
    assertThat(image.getLong("virtual_size")).isEqualTo(raw.length);
    assertThat(image.getLong("size")).isEqualTo(api.download(id).body().length);
    assertThat(image.getString("os_site")).isEqualTo("north");
    assertThat(image.getString("os_type")).isEqualTo("linux");
    assertThat(image.getString("mine")).isEqualTo("kept");
    assertIsDisk(id, raw);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void decompressesWhatIsStaged(Compression compression) throws Exception {
    var iso = Arrays.copyOf(TestingArchives.data(300_000), 400_000);
    System.arraycopy(ISO_MARK, 0, iso, 32768, 7);
    var id = api.create(described("iso"));
    assertThat(api.stage(id, TestingArchives.compress(compression, iso)).statusCode())
        .isEqualTo(204);

    assertThat(api.importStaged(id).statusCode()).isEqualTo(202);

    var image = imported(id);
    assertThat(image.getString("disk_format")).isEqualTo("iso");
    assertThat(image.getLong("size")).isEqualTo(iso.length);
    assertThat(Arrays.equals(api.download(id).body(), iso)).isTrue();
    TestingConditions.await(server::staged, List::isEmpty);
  }

  @Test
  void keepsWhatIsToBeCompressed() throws Exception {
    var data = TestingArchives.compress(Compression.GZIP, TestingArchives.data(1000));
    var id =
        api.create(
            new JsonObject().put("disk_format", "raw").put("container_format", "compressed"));

    api.importFrom(id, source.serve(data));

    assertThat(imported(id).getLong("size")).isEqualTo(data.length);
    assertThat(api.download(id).body()).isEqualTo(data);
  }

  @Test
  void holdsDecompressedDataToItsFormat() throws Exception {
    var id = api.create(described("qcow2"));
    var twice =
        TestingArchives.compress(
            Compression.GZIP, TestingArchives.compress(Compression.GZIP, raw()));

    api.importFrom(id, source.serve(twice));

    assertRefused(id, "declared as qcow2 but its content is raw");
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw", "vmdk"})
  void convertsToTheSameDisk(String format) throws Exception {
    var raw = raw();
    var id = api.create(described(format));

    api.importFrom(id, source.serve(TestingDiskImages.of(format, raw)));

    var image = imported(id);
    assertThat(image.getString("disk_format")).isEqualTo("qcow2");
    assertThat(image.getLong("virtual_size")).isEqualTo(4 * MIB);
    assertIsDisk(id, raw);
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "ZLIB"})
  void keepsWhatHasTheFormatAlready(ClusterCompression compression) throws Exception {
    var original = TestingDiskImages.of("qcow2", raw(), compression);
    var id = api.create(described("qcow2"));

    api.importFrom(id, source.serve(original));

    assertThat(imported(id).getLong("virtual_size")).isEqualTo(4 * MIB);
    assertThat(api.download(id).body()).isEqualTo(original);
  }

  @Test
  void refusesToInjectMorePropertiesThanAllowed() throws Exception {
    var id = api.create(described("iso").put("a", "1").put("b", "2").put("c", "3"));
    var iso = new byte[40_000];
    System.arraycopy(ISO_MARK, 0, iso, 32768, 7);

    api.importFrom(id, source.serve(iso));

    assertRefused(id, "Setting the properties failed: The limit has been exceeded");
    assertThat(api.image(id).containsKey("os_site")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"GZIP, 16", "ZSTD, 1600", "XZ, 1600"})
  void refusesBombs(Compression compression, int streams) throws Exception {
    var bomb = TestingArchives.zeros(compression, 64 * MIB, streams);

    assertBombRefused("raw", bomb, "Decompression failed: The data becomes larger", BOUND + MIB);
  }

  @Test
  void refusesArchivesThatAreNotOfOneImage() throws Exception {
    var data = TestingArchives.data(4 * MIB);

    assertBombRefused("raw", TestingArchives.zip("a", data, "b"), "one member", 5 * MIB);
    assertBombRefused(
        "raw", TestingArchives.zip("a", TestingArchives.zip("b", data)), "another archive", MIB);
  }

  /** A small file that is a disk of 2 TiB without data. */
  @Test
  void refusesImagesOfGiganticDisks() throws Exception {
    var vmdk = TestingDiskImages.empty("vmdk", 2L << 40);

    assertBombRefused("vmdk", vmdk, "Conversion failed: The virtual size", vmdk.length + MIB);
  }

  /** Nothing stays behind, and there never was more than the bound on the disk. */
  private void assertBombRefused(String format, byte[] bomb, String reason, long boundBytes)
      throws Exception {
    var id = api.create(described(format));
    var before = usedBytes();
    var peak = new AtomicLong();
    var isOver = new AtomicBoolean();
    var watching =
        Thread.startVirtualThread(
            () -> {
              while (!isOver.get()) {
                peak.accumulateAndGet(usedBytes(), Math::max);
                LockSupport.parkNanos(1_000_000);
              }
            });

    api.importFrom(id, source.serve(bomb));
    assertRefused(id, reason);
    isOver.set(true);
    watching.join();

    TestingConditions.await(this::usedBytes, used -> used <= before);
    assertThat(peak.get() - before).isLessThanOrEqualTo(bomb.length + boundBytes);
  }

  private long usedBytes() {
    long bytes = 0;
    for (var file : server.files()) {
      bytes += file.toFile().length();
    }
    return bytes;
  }

  private void assertRefused(String id, String reason) throws Exception {
    var task = ended(id);
    assertThat(task.getString("message")).contains(reason).doesNotContain("Exception", "/");
    assertThat(task.getString("status")).isEqualTo("failure");
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
  }
}
