package io.vitrine.api.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingCeph;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of images whose data in Ceph has been cloned, as volumes and servers do. */
@Tag("stores")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClonedImageWireTest {
  private static final byte[] DATA = UploadWireTest.data(3 << 20);
  private static final String CLONE = TestingCeph.pool() + "/volume";

  private final Path directory;
  private final TestingServer server;
  private final TestingApi api;

  ClonedImageWireTest() throws Exception {
    directory = TestingServer.newDirectory();
    server = start(directory, Map.of("VITRINE_STORES__BACKENDS__CEPH__DEDUP", "true"));
    api = new TestingApi(server.port());
  }

  private static TestingServer start(Path directory, Map<String, String> more) throws Exception {
    var settings = new HashMap<>(more);
    settings.put("VITRINE_LEASE__GC_INTERVAL", "1s");
    settings.put("VITRINE_STORES__DEFAULT", "ceph");
    settings.put("VITRINE_STORES__BACKENDS__CEPH__KIND", "rbd");
    settings.put("VITRINE_STORES__BACKENDS__CEPH__RBD__POOL", TestingCeph.pool());
    settings.put("VITRINE_STORES__BACKENDS__CEPH__RBD__USER", "admin");
    settings.put(
        "VITRINE_STORES__BACKENDS__CEPH__RBD__CONF_FILE", TestingCeph.confFile().toString());
    return TestingServer.start(directory, settings);
  }

  @AfterAll
  void close() throws IOException {
    server.close();
    TestingServer.remove(directory);
  }

  @AfterEach
  void leavesNothing() {
    TestingConditions.await(() -> TestingCeph.rbd("ls"), String::isEmpty);
  }

  /** Clones the data of the only image, by either way that Ceph has. */
  private static void makeClone(String format) throws IOException {
    var data = TestingCeph.rbd("ls").strip();
    TestingCeph.rbd("clone", "--rbd-default-clone-format", format, data + "@snap", CLONE);
  }

  private static void removeClone() throws IOException {
    TestingCeph.rbd("rm", "--no-progress", CLONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2"})
  void isNotDeletedWhileThereIsAClone(String format) throws Exception {
    var id = api.create(DATA);
    var before = api.image(id);
    makeClone(format);

    var refused = api.call("DELETE", "/v2/images/" + id);

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("in use");
    assertThat(api.image(id)).isEqualTo(before);
    assertThat(api.call("GET", "/v2/images").body()).contains(id);
    assertThat(api.download(id).body()).isEqualTo(DATA);
    removeClone();
    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);
  }

  @Test
  void isNotTakenOutOfTheStoreWhileThereIsAClone() throws Exception {
    var id = createInBothStores(api);
    makeClone("2");

    assertThat(api.call("DELETE", "/v2/stores/ceph/" + id).statusCode()).isEqualTo(409);
    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(409);

    assertThat(api.image(id).getString("stores")).isEqualTo("ceph,local");
    removeClone();
    assertThat(api.call("DELETE", "/v2/stores/ceph/" + id).statusCode()).isEqualTo(204);
    assertThat(api.image(id).getString("stores")).isEqualTo("local");
    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);
  }

  @Test
  void keepsItsLocationWhileThereIsAClone(@TempDir Path other) throws Exception {
    try (var open = start(other, Map.of("VITRINE_IMAGE__SHOW_MULTIPLE_LOCATIONS", "true"))) {
      var client = new TestingApi(open.port());
      var id = createInBothStores(client);
      makeClone("2");
      var before = client.image(id).getJsonArray("locations");

      assertThat(client.patch(id, removal("ceph", before)).statusCode()).isEqualTo(409);
      assertThat(client.image(id).getJsonArray("locations")).isEqualTo(before);
      removeClone();
      assertThat(client.patch(id, removal("ceph", before)).statusCode()).isEqualTo(200);

      assertThat(client.image(id).getString("stores")).isEqualTo("local");
      leavesNothing();
    }
  }

  @Test
  void takesAFirstLocationTogetherWithTheFormatsThatItNeeds(@TempDir Path other) throws Exception {
    try (var source = TestingSource.start();
        var open =
            start(
                other,
                Map.of(
                    "VITRINE_IMAGE__SHOW_MULTIPLE_LOCATIONS", "true",
                    "VITRINE_IMPORT__WEB_DOWNLOAD__ALLOWED_PORTS", String.valueOf(source.port()),
                    "VITRINE_STORES__BACKENDS__WEB__KIND", "http"))) {
      var client = new TestingApi(open.port());
      var created = client.post("/v2/images", new JsonObject());
      var id = new JsonObject(created.body()).getString("id");
      var location =
          new JsonObject().put("url", source.serve(DATA)).put("metadata", new JsonObject());

      var changed =
          client.patch(
              id,
              JsonArray.of(
                  addition("/disk_format", "raw"),
                  addition("/container_format", "bare"),
                  addition("/locations/-", location)));

      assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    }
  }

  private static JsonObject addition(String path, Object value) {
    return new JsonObject().put("op", "add").put("path", path).put("value", value);
  }

  private static String createInBothStores(TestingApi api) throws Exception {
    var id = api.create(DATA);
    var copy =
        new JsonObject()
            .put("method", new JsonObject().put("name", "copy-image"))
            .put("stores", JsonArray.of("local"));
    assertThat(api.post("/v2/images/" + id + "/import", copy).statusCode()).isEqualTo(202);
    api.await(id, image -> image.getString("stores").equals("ceph,local"));
    TestingConditions.await(() -> api.task(id), task -> "success".equals(task.getString("status")));
    return id;
  }

  /** A patch that removes the location in a store. */
  private static JsonArray removal(String store, JsonArray locations) {
    int position =
        IntStream.range(0, locations.size())
            .filter(at -> isIn(store, locations.getJsonObject(at)))
            .findFirst()
            .orElseThrow();
    return JsonArray.of(new JsonObject().put("op", "remove").put("path", "/locations/" + position));
  }

  private static boolean isIn(String store, JsonObject location) {
    return store.equals(location.getJsonObject("metadata").getString("store"));
  }

  @Test
  void isDeletedWhileAnotherImageHasTheSameData() throws Exception {
    var one = api.create(DATA);
    var other = api.create(DATA);
    TestingConditions.await(() -> TestingCeph.rbd("ls"), names -> names.lines().count() == 1);
    makeClone("2");

    assertThat(api.call("DELETE", "/v2/images/" + one).statusCode()).isEqualTo(204);
    assertThat(api.call("DELETE", "/v2/images/" + other).statusCode()).isEqualTo(409);

    assertThat(api.download(other).body()).isEqualTo(DATA);
    removeClone();
    assertThat(api.call("DELETE", "/v2/images/" + other).statusCode()).isEqualTo(204);
  }

  @Test
  void saysFirstWhatElseKeepsItFromBeingDeleted() throws Exception {
    var image = new JsonObject().put("disk_format", "raw").put("container_format", "bare");
    var id = api.create(image.put("protected", true));
    api.upload(id, DATA);
    makeClone("2");

    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(403);
    assertThat(api.call("DELETE", "/v2/stores/ceph/" + id).statusCode()).isEqualTo(403);

    removeClone();
    var unprotect =
        JsonArray.of(
            new JsonObject().put("op", "replace").put("path", "/protected").put("value", false));
    assertThat(api.patch(id, unprotect).statusCode()).isEqualTo(200);
    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);
  }

  @Test
  void isDeletedLaterWhenTheClusterDoesNotSayWhetherThereIsAClone() throws Exception {
    var id = api.create(DATA);

    try (var frozen = TestingCeph.freeze(TestingCeph.OSD)) {
      assertThat(frozen).isNotNull();
      assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);
    }

    assertThat(api.call("GET", "/v2/images/" + id).statusCode()).isEqualTo(404);
  }
}
