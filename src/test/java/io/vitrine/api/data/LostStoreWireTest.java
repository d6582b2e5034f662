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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server whose directories vanish, as those of file systems that are no longer mounted do. */
class LostStoreWireTest {
  private static final byte[] DATA = UploadWireTest.data(100_000);
  private static final Map<String, String> SETTINGS =
      Map.of(
          "VITRINE_STORES__CHECK_INTERVAL", "100ms",
          "VITRINE_LEASE__GC_INTERVAL", "1s",
          "VITRINE_SCRUB__INTERVAL", "1s",
          "VITRINE_SCRUB__SURVEY_INTERVAL", "1s");

  private final Path directory;
  private TestingServer server;
  private TestingApi api;

  LostStoreWireTest() throws Exception {
    directory = TestingServer.newDirectory();
    start();
  }

  private void start() throws Exception {
    server = TestingServer.start(directory, SETTINGS);
    api = new TestingApi(server.port());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    TestingServer.remove(directory);
  }

  private void unmount(Path mounted) throws IOException {
    Files.move(mounted, directory.resolve("aside"));
    Files.createDirectory(mounted);
  }

  private void mount(Path mounted) throws IOException {
    Files.delete(mounted); // fails unless it is empty
    Files.move(directory.resolve("aside"), mounted);
  }

  private void awaitStore(String id, String state) {
    TestingConditions.await(
        () ->
            new JsonObject(api.call("GET", "/v2/info/stores/detail?health=true").body())
                .getJsonArray("stores").stream()
                    .map(JsonObject.class::cast)
                    .filter(store -> store.getString("id").equals(id))
                    .map(store -> store.getJsonObject("health").getString("state"))
                    .findFirst()
                    .orElse(""),
        state::equals);
  }

  private String metrics(String name) throws Exception {
    var management = new TestingApi(server.managementPort());
    return management
        .call("GET", "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .findFirst()
        .orElse("");
  }

  private void assertThatDataIsOutOfReach(String id) throws Exception {
    for (var method : List.of("GET", "HEAD")) {
      for (var range : List.of("", "bytes=5-9")) {
        var path = "/v2/images/" + id + "/file";
        var answer =
            range.isEmpty() ? api.call(method, path) : api.call(method, path, "Range", range);
        assertThat(answer.statusCode()).as(method + " " + range).isEqualTo(503);
        assertThat(answer.headers().firstValue("ETag")).isEmpty();
        assertThat(answer.headers().firstValue("Content-MD5")).isEmpty();
      }
    }
  }

  @Test
  void isDownUntilItsFileSystemIsBack() throws Exception {
    var id = api.create(DATA);
    var fresh = api.create();
    unmount(server.store("local"));

    assertThatDataIsOutOfReach(id);
    assertThat(api.upload(fresh, DATA).statusCode()).isEqualTo(503);
    awaitStore("local", "down");
    assertThatDataIsOutOfReach(id);
    assertThat(api.upload(fresh, DATA).statusCode()).isEqualTo(503);
    assertThat(new TestingApi(server.managementPort()).call("GET", "/health/ready").body())
        .contains("local");
    assertThat(metrics("vitrine_store_up{store=\"local\"}")).endsWith(" 0.0");
    TestingConditions.await(
        () -> metrics("vitrine_scrub_blobs_total{outcome=\"failed\",store=\"local\"}"),
        line -> !line.isEmpty());
    assertThat(metrics("vitrine_scrub_missing{store=\"local\"}")).doesNotEndWith(" 1.0");

    mount(server.store("local"));

    awaitStore("local", "up");
    assertThat(api.download(id).body()).isEqualTo(DATA);
    assertThat(api.upload(fresh, DATA).statusCode()).isEqualTo(204);
  }

  @Test
  void isNotMadeAgainAtTheNextStart() throws Exception {
    var id = api.create(DATA);
    server.close();
    Files.move(server.store("local"), directory.resolve("aside"));

    start();

    awaitStore("local", "down");
    assertThatDataIsOutOfReach(id);
    assertThat(api.upload(api.create(), DATA).statusCode()).isEqualTo(503);
    assertThat(server.store("local")).doesNotExist();

    Files.move(directory.resolve("aside"), server.store("local"));
    awaitStore("local", "up");
    assertThat(api.download(id).body()).isEqualTo(DATA);
  }

  @Test
  void keepsWhatIsStaged() throws Exception {
    var id = api.create();
    var fresh = api.create();
    assertThat(api.stage(id, DATA).statusCode()).isEqualTo(204);
    var staging = directory.resolve("data/staging");
    unmount(staging);

    assertThat(api.stage(fresh, DATA).statusCode()).isEqualTo(503);

    mount(staging);
    TestingConditions.await(() -> api.stage(fresh, DATA).statusCode(), code -> code == 204);
    for (var each : List.of(id, fresh)) {
      var request =
          new JsonObject()
              .put("method", new JsonObject().put("name", "glance-direct"))
              .put("stores", new JsonArray(List.of("local")));
      assertThat(api.post("/v2/images/" + each + "/import", request).statusCode()).isEqualTo(202);
      api.await(each, "active");
    }
  }
}
