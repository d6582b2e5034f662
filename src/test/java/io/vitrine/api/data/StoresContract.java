package io.vitrine.api.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Images in several stores: local is the default, fast is read from first, frozen takes no data,
 * and broken fails at every write.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StoresContract {
  private static final byte[] DATA = UploadWireTest.data(1 << 20);

  private final Path directory;
  private final TestingSource source;
  private final TestingServer server;
  private final TestingApi api;

  /**
   * Stores that imports write to.
   *
   * @param parallel how many at the same time
   */
  StoresContract(String parallel) throws Exception {
    directory = TestingServer.newDirectory();
    source = TestingSource.start();
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_IMPORT__WEB_DOWNLOAD__ALLOWED_PORTS",
                String.valueOf(source.port()),
                "VITRINE_IMPORT__MAX_ATTEMPTS",
                "1",
                // A store that does not work is waited for, here not for long.
                "VITRINE_IMPORT__PATIENCE",
                "1s",
                "VITRINE_IMPORT__MAX_PARALLEL_STORES",
                parallel,
                "VITRINE_STORES__BACKENDS__FAST__WEIGHT",
                "10",
                "VITRINE_STORES__BACKENDS__BROKEN__WEIGHT",
                "-10",
                "VITRINE_STORES__BACKENDS__FROZEN__READ_ONLY",
                "true"));
    api = new TestingApi(server.port());
  }

  @BeforeAll
  void breakStore() throws IOException {
    TestingServer.remove(server.store("broken"));
    Files.createFile(server.store("broken"));
  }

  @AfterAll
  void close() throws IOException {
    server.close();
    source.close();
    TestingServer.remove(directory);
  }

  private String upload(byte[] data, String store) throws Exception {
    var id = api.create();
    assertThat(api.upload(id, data, "X-Image-Meta-Store", store).statusCode()).isEqualTo(204);
    return id;
  }

  private HttpResponse<String> copy(String id, JsonObject request) throws Exception {
    var method = new JsonObject().put("name", "copy-image");
    return api.post("/v2/images/" + id + "/import", request.copy().put("method", method));
  }

  private static JsonObject to(String... stores) {
    return new JsonObject().put("stores", new JsonArray(List.of(stores)));
  }

  private JsonObject importWeb(JsonObject request) throws Exception {
    var id = api.create();
    var web = new JsonObject().put("name", "web-download").put("uri", source.serve(DATA));
    var answer = api.post("/v2/images/" + id + "/import", request.copy().put("method", web));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return settled(id);
  }

  /** The image once no task works on it. */
  private JsonObject settled(String id) {
    return TestingConditions.await(
        () -> api.image(id), image -> !image.containsKey("os_glance_import_task"));
  }

  private List<String> stores(JsonObject image) {
    return List.of(image.getString("stores", "").split(","));
  }

  private List<Path> files(String store) throws IOException {
    try (Stream<Path> tree = Files.walk(server.store(store))) {
      return new ArrayList<>(tree.filter(Files::isRegularFile).toList());
    }
  }

  @Test
  void uploadsToTheStoreThatIsNamed() throws Exception {
    var id = api.create();

    assertThat(api.upload(id, DATA, "X-Image-Meta-Store", "moon").statusCode()).isEqualTo(400);
    assertThat(api.upload(id, DATA, "X-Image-Meta-Store", "frozen").statusCode()).isEqualTo(410);
    assertThat(api.upload(id, DATA, "X-Image-Meta-Store", "archive").statusCode()).isEqualTo(204);

    assertThat(api.image(id).getString("stores")).isEqualTo("archive");
    assertThat(Arrays.equals(api.download(id).body(), DATA)).isTrue();
  }

  @Test
  void copiesAnImageToOtherStores() throws Exception {
    var id = api.create(DATA);

    assertThat(copy(id, to("archive", "fast")).statusCode()).isEqualTo(202);

    assertThat(api.image(id).getString("status")).isEqualTo("active");
    var image = settled(id);
    // The largest weight first, then the oldest.
    assertThat(stores(image).getFirst()).isEqualTo("fast");
    assertThat(stores(image)).containsExactlyInAnyOrder("local", "archive", "fast");
    assertThat(image.getString("os_glance_importing_to_stores")).isEmpty();
    assertThat(image.getString("os_glance_failed_import")).isEmpty();
    assertThat(api.task(id).getString("status")).isEqualTo("success");
  }

  @Test
  void copiesToWhateverStoresAreMissing() throws Exception {
    var id = api.create(DATA);
    var every = new JsonObject().put("all_stores", true).put("all_stores_must_succeed", false);

    assertThat(copy(id, every).statusCode()).isEqualTo(202);

    var image = settled(id);
    assertThat(stores(image)).containsExactlyInAnyOrder("local", "archive", "fast");
    assertThat(image.getString("os_glance_failed_import")).isEqualTo("broken");
    assertThat(image.getString("os_glance_importing_to_stores")).isEmpty();
    assertThat(image.getString("status")).isEqualTo("active");
  }

  @Test
  void keepsTheImageAsItWasWhenACopyFails() throws Exception {
    var id = api.create(DATA);
    var before = api.image(id);

    assertThat(copy(id, to("archive", "broken")).statusCode()).isEqualTo(202);

    var image = settled(id);
    assertThat(stores(image)).containsExactly("local");
    assertThat(image.getString("status")).isEqualTo("active");
    assertThat(image.getLong("size")).isEqualTo(before.getLong("size"));
    assertThat(image.getString("os_hash_value")).isEqualTo(before.getString("os_hash_value"));
    assertThat(image.getString("os_glance_failed_import")).isEqualTo("archive,broken");
    assertThat(Arrays.equals(api.download(id).body(), DATA)).isTrue();
  }

  @Test
  void copiesOnlyWhatCanBeCopied() throws Exception {
    var active = api.create(DATA);
    var queued = api.create();

    assertThat(copy(queued, to("archive")).statusCode()).isEqualTo(409);
    assertThat(copy(active, to("local")).statusCode()).isEqualTo(400);
    assertThat(copy(active, to("local", "archive")).statusCode()).isEqualTo(400);
    assertThat(copy(active, to("moon")).statusCode()).isEqualTo(409);
    assertThat(copy(active, to("frozen")).statusCode()).isEqualTo(409);
    assertThat(copy("00000000-0000-0000-0000-000000000000", to("archive")).statusCode())
        .isEqualTo(404);
    assertThat(stores(api.image(active))).containsExactly("local");
  }

  @Test
  void importsToSeveralStores() throws Exception {
    var image = importWeb(to("archive", "local"));

    assertThat(image.getString("status")).isEqualTo("active");
    assertThat(stores(image)).containsExactlyInAnyOrder("archive", "local");
    assertThat(image.getLong("size")).isEqualTo(DATA.length);
  }

  @Test
  void tellsHowFarEachStepIsForEachStore() throws Exception {
    var request = to("archive", "broken").put("all_stores_must_succeed", false);

    var image = importWeb(request);

    var task = api.task(image.getString("id"));
    assertThat(task.getString("message")).startsWith("Imported to archive. Not to broken: ");
    var steps = task.getJsonArray("progress").stream().map(JsonObject.class::cast).toList();
    assertThat(steps)
        .extracting(step -> step.getString("step") + " " + step.getString("store"))
        .contains("downloading null", "storing archive");
    assertThat(steps).extracting(step -> step.getString("status")).containsOnly("done");
    assertThat(steps)
        .allSatisfy(
            step -> {
              assertThat(step.getLong("bytes")).isEqualTo(DATA.length);
              assertThat(step.getLong("total")).isEqualTo(DATA.length);
              assertThat(step.getLong("percent")).isEqualTo(100);
              assertThat(step.getLong("rate")).isPositive();
              assertThat(step.getLong("eta")).isNull();
            });
  }

  @Test
  void queuesTheImageAgainWhenOneStoreMustNotFailButDoes() throws Exception {
    var image = importWeb(to("local", "broken", "archive"));

    assertThat(image.getString("status")).isEqualTo("queued");
    assertThat(image.containsKey("stores")).isFalse();
    assertThat(image.getLong("size")).isNull();
    assertThat(image.getString("checksum")).isNull();
    assertThat(image.getString("os_glance_failed_import")).isEqualTo("local,broken,archive");
    assertThat(image.getString("os_glance_importing_to_stores")).isEmpty();
  }

  @Test
  void isActiveWithTheStoresThatWork() throws Exception {
    var image = importWeb(to("broken", "archive", "local").put("all_stores_must_succeed", false));

    assertThat(image.getString("status")).isEqualTo("active");
    assertThat(stores(image)).containsExactlyInAnyOrder("archive", "local");
    assertThat(image.getString("os_glance_failed_import")).isEqualTo("broken");
  }

  @Test
  void failsWhenNoStoreWorks() throws Exception {
    var image = importWeb(to("broken").put("all_stores_must_succeed", false));

    assertThat(image.getString("status")).isEqualTo("queued");
    assertThat(image.getString("os_glance_failed_import")).isEqualTo("broken");
  }

  @Test
  void takesAnImageOutOfOneStoreButNotOutOfTheLast() throws Exception {
    var id = api.create(DATA);
    var queued = api.create();
    assertThat(copy(id, to("archive")).statusCode()).isEqualTo(202);
    settled(id);

    assertThat(remove("moon", id)).isEqualTo(409);
    assertThat(remove("moon", "00000000-0000-0000-0000-000000000000")).isEqualTo(409);
    assertThat(remove("fast", queued)).isEqualTo(409);
    assertThat(remove("fast", id)).isEqualTo(404);
    assertThat(remove("local", "00000000-0000-0000-0000-000000000000")).isEqualTo(404);
    assertThat(remove("local", queued)).isEqualTo(409);
    assertThat(remove("local", id)).isEqualTo(204);
    assertThat(remove("archive", id)).isEqualTo(403);
    assertThat(remove("fast", id)).isEqualTo(403);

    assertThat(stores(api.image(id))).containsExactly("archive");
    assertThat(Arrays.equals(api.download(id).body(), DATA)).isTrue();
  }

  private int remove(String store, String id) throws Exception {
    return api.call("DELETE", "/v2/stores/" + store + "/" + id).statusCode();
  }

  @Test
  void readsFromTheStoreWithTheLargestWeightOrTheOnePreferred() throws Exception {
    var id = upload(DATA, "archive");
    var old = files("fast");
    assertThat(copy(id, to("fast")).statusCode()).isEqualTo(202);
    settled(id);
    var copies = files("fast");
    copies.removeAll(old);
    var other = new byte[DATA.length];
    Files.write(copies.getFirst(), other);

    var unknown = api.call("GET", "/v2/images/" + id + "/file?prefer=moon");

    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(Arrays.equals(api.download(id).body(), other)).isTrue();
    assertThat(Arrays.equals(api.downloadFrom(id, ""), other)).isTrue();
    assertThat(Arrays.equals(api.downloadFrom(id, "local"), other)).isTrue();
    assertThat(Arrays.equals(api.downloadFrom(id, "local,archive"), DATA)).isTrue();
  }

  @Test
  void readsFromAnotherStoreWhenTheFirstHasLostTheData() throws Exception {
    var id = upload(DATA, "archive");
    var old = files("fast");
    assertThat(copy(id, to("fast")).statusCode()).isEqualTo(202);
    settled(id);
    var copies = files("fast");
    copies.removeAll(old);

    for (var copy : copies) {
      Files.delete(copy);
    }

    assertThat(Arrays.equals(api.download(id).body(), DATA)).isTrue();
    assertThat(api.download(id, "Range", "bytes=10-19").body())
        .isEqualTo(Arrays.copyOfRange(DATA, 10, 20));
  }

  @Test
  void tellsAboutItsStores() throws Exception {
    var stores = new JsonObject(api.call("GET", "/v2/info/stores").body()).getJsonArray("stores");
    var details =
        new JsonObject(api.call("GET", "/v2/info/stores/detail").body()).getJsonArray("stores");

    assertThat(stores)
        .contains(
            new JsonObject().put("id", "local").put("default", "true"),
            new JsonObject().put("id", "frozen").put("read-only", "true"));
    assertThat(details)
        .contains(
            new JsonObject()
                .put("id", "fast")
                .put("type", "file")
                .put("weight", 10)
                .put(
                    "properties",
                    new JsonObject()
                        .put("data_dir", server.store("fast").toString())
                        .put("chunk_size", 65536)
                        .put("thin_provisioning", false)));
  }
}
