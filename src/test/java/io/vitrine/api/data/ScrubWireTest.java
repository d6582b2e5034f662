package io.vitrine.api.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A server that reads everything again every second; fast is read from before archive. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScrubWireTest {
  private static final byte[] DATA = UploadWireTest.data(1 << 20);

  private final Path directory;
  private final TestingServer server;
  private final TestingApi api;
  private final TestingApi management;

  ScrubWireTest() throws Exception {
    directory = TestingServer.newDirectory();
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_STORES__BACKENDS__FAST__WEIGHT", "10",
                "VITRINE_LEASE__GC_INTERVAL", "1s",
                "VITRINE_SCRUB__INTERVAL", "1s",
                "VITRINE_SCRUB__SURVEY_INTERVAL", "1s",
                "VITRINE_SCRUB__ORPHAN_GRACE", "1h"));
    api = new TestingApi(server.port());
    management = new TestingApi(server.managementPort());
  }

  @AfterAll
  void close() throws IOException {
    server.close();
    TestingServer.remove(directory);
  }

  /** An image in both stores, and its file in the fast one. */
  private record Copied(String id, Path file) {}

  private Copied copied() throws Exception {
    var id = api.create();
    assertThat(api.upload(id, DATA, "X-Image-Meta-Store", "archive").statusCode()).isEqualTo(204);
    var old = files("fast");
    var request =
        new JsonObject()
            .put("method", new JsonObject().put("name", "copy-image"))
            .put("stores", new JsonArray(List.of("fast")));
    assertThat(api.post("/v2/images/" + id + "/import", request).statusCode()).isEqualTo(202);
    api.await(id, image -> image.getString("stores").equals("fast,archive"));
    var added = files("fast").stream().filter(file -> !old.contains(file)).toList();
    return new Copied(id, added.getFirst());
  }

  private List<Path> files(String store) throws IOException {
    try (var tree = Files.walk(server.store(store))) {
      return tree.filter(Files::isRegularFile).toList();
    }
  }

  private String meter(String name) throws Exception {
    return management
        .call("GET", "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElse("");
  }

  private void awaitMeter(String name, double atLeast) {
    TestingConditions.await(
        () -> meter(name), value -> !value.isEmpty() && Double.parseDouble(value) >= atLeast);
  }

  @Test
  void readsNoDamagedCopyWhileThereIsAGoodOne() throws Exception {
    var image = copied();
    var damaged = DATA.clone();
    damaged[1000] ^= 1;

    Files.write(image.file(), damaged);

    awaitMeter("vitrine_scrub_damaged{store=\"fast\"}", 1);
    assertThat(Arrays.equals(api.download(image.id()).body(), DATA)).isTrue();
    assertThat(image.file()).hasBinaryContent(damaged);
    assertThat(api.image(image.id()).getString("stores")).isEqualTo("fast,archive");
  }

  @Test
  void findsWhatIsMissing() throws Exception {
    var image = copied();

    Files.delete(image.file());

    awaitMeter("vitrine_scrub_missing{store=\"fast\"}", 1);
    assertThat(Arrays.equals(api.download(image.id()).body(), DATA)).isTrue();
  }

  @Test
  void readsGoodDataAgainAndAgain() throws Exception {
    api.create(DATA);

    awaitMeter("vitrine_scrub_bytes_total{store=\"local\"}", 2.0 * DATA.length);
    awaitMeter("vitrine_scrub_blobs_total{outcome=\"ok\",store=\"local\"}", 2);
    assertThat(meter("vitrine_scrub_damaged{store=\"local\"}")).isEqualTo("0.0");
  }

  @Test
  void findsWhatNobodyKnowsAndLeavesItThere() throws Exception {
    var old = Files.createDirectories(server.store("local").resolve("ab")).resolve(ofNobody());
    var fresh = old.resolveSibling(ofNobody());
    Files.write(fresh, DATA);
    Files.write(old, DATA);

    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(7200)));

    awaitMeter("vitrine_scrub_orphans{store=\"local\"}", 1);
    assertThat(meter("vitrine_scrub_orphans{store=\"local\"}")).isEqualTo("1.0");
    assertThat(meter("vitrine_scrub_orphan_bytes{store=\"local\"}"))
        .isEqualTo(String.valueOf((double) DATA.length));
    assertThat(old).exists();
    assertThat(fresh).exists();
  }

  private static String ofNobody() {
    return "ab" + UUID.randomUUID().toString().substring(2);
  }
}
