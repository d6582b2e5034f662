package io.vitrine.api.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server with a cache of its own, and one without. */
@ExtendWith(SharedServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CacheWireTest {
  private final TestingApi without;
  private final Path directory;
  private final TestingServer server;
  private final TestingApi api;

  CacheWireTest(TestingServer shared) throws Exception {
    without = new TestingApi(shared.port());
    directory = TestingServer.newDirectory();
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_CACHE__ENABLED", "true",
                "VITRINE_LEASE__GC_INTERVAL", "1s",
                "VITRINE_STORES__CHECK_INTERVAL", "100ms"));
    api = new TestingApi(server.port());
  }

  @BeforeAll
  void startsEmpty() throws Exception {
    assertThat(cached()).isEmpty();
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    TestingServer.remove(directory);
  }

  private JsonObject state() throws Exception {
    var answer = api.call("GET", "/v2/cache");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  private List<String> cached() throws Exception {
    return state().getJsonArray("cached_images").stream()
        .map(each -> ((JsonObject) each).getString("image_id"))
        .toList();
  }

  private void awaitCached(String id) {
    TestingConditions.await(this::cached, images -> images.contains(id));
  }

  @Test
  void keepsWhatWasDownloaded() throws Exception {
    var data = UploadWireTest.data(2 << 20);
    var id = api.create(data);

    var first = api.download(id);
    awaitCached(id);
    var second = api.download(id);
    var part = api.download(id, "Range", "bytes=5-9");

    assertThat(first.body()).isEqualTo(data).isEqualTo(second.body());
    assertThat(first.headers().firstValue("Content-Length")).hasValue("" + data.length);
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(data, 5, 10));
  }

  @Test
  void knowsOfNoOtherNodes() throws Exception {
    var answer = api.call("GET", "/v2/cache/nodes/" + api.create(UploadWireTest.data(1000)));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).contains("Centralized caching is not enabled");
  }

  @Test
  void tellsWhichNodesHaveAnImage() throws Exception {
    var own = TestingServer.newDirectory();
    var settings =
        Map.of("VITRINE_CACHE__ENABLED", "true", "VITRINE_CACHE__NODE_URL", "http://10.0.0.7:9292");
    try (var node = TestingServer.start(own, settings)) {
      var there = new TestingApi(node.port());
      var id = there.create(UploadWireTest.data(1000));
      var path = "/v2/cache/nodes/" + id;
      assertThat(there.call("GET", path).body()).isEqualTo("[]");

      there.download(id);
      TestingConditions.await(
          () -> there.call("GET", path).body(), "[\"http://10.0.0.7:9292\"]"::equals);

      assertThat(there.call("DELETE", "/v2/cache/" + id).statusCode()).isEqualTo(204);
      TestingConditions.await(() -> there.call("GET", path).body(), "[]"::equals);
      var unknown = there.call("GET", "/v2/cache/nodes/00000000-0000-0000-0000-000000000000");
      assertThat(unknown.statusCode()).isEqualTo(404);
    } finally {
      TestingServer.remove(own);
    }
  }

  @Test
  void preferenceOfStoresIsForWhatIsReadFromThem() throws Exception {
    var id = api.create(UploadWireTest.data(1000));
    var path = "/v2/images/" + id + "/file?prefer=unknown";

    assertThat(api.call("GET", path).statusCode()).isEqualTo(400);
    api.download(id);
    awaitCached(id);

    assertThat(api.call("GET", path).statusCode()).isEqualTo(200);
    assertThat(api.call("GET", path, "Range", "bytes=0-1").statusCode()).isEqualTo(400);
  }

  private JsonObject older(String method, String path) throws Exception {
    var answer = api.call(method, path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/json");
    return answer.body().equals("null") ? new JsonObject() : new JsonObject(answer.body());
  }

  @Test
  void isManagedByTheOlderApiToo() throws Exception {
    var id = api.create(UploadWireTest.data(1000));
    older("PUT", "/v2/queued_images/" + id);
    awaitCached(id);

    var cached = older("GET", "/v2/cached_images").getJsonArray("cached_images");
    assertThat(cached)
        .anySatisfy(
            image ->
                assertThat(((JsonObject) image).fieldNames())
                    .contains("image_id", "hits", "last_accessed", "last_modified", "size"));
    older("DELETE", "/v2/cached_images/" + id);
    assertThat(cached()).doesNotContain(id);

    api.download(id);
    awaitCached(id);
    assertThat(older("DELETE", "/v2/cached_images").getInteger("num_deleted")).isPositive();
    assertThat(cached()).doesNotContain(id);
  }

  @Test
  void queuesByTheOlderApiWithoutLooking() throws Exception {
    var id = UUID.randomUUID().toString();
    var other = UUID.randomUUID().toString();
    older("PUT", "/v2/queued_images/" + id);
    older("PUT", "/v2/queued_images/" + other);
    older("DELETE", "/v2/queued_images/" + id);

    assertThat(older("GET", "/v2/queued_images").getJsonArray("queued_images")).doesNotContain(id);
    older("DELETE", "/v2/queued_images");
    assertThat(older("GET", "/v2/queued_images").getJsonArray("queued_images")).isEmpty();
    assertThat(api.call("PUT", "/v2/queued_images/x").statusCode()).isEqualTo(404);
  }

  @Test
  void fetchesWhatIsAskedForAheadAndForgetsIt() throws Exception {
    var id = api.create(UploadWireTest.data(1000));

    assertThat(api.call("PUT", "/v2/cache/" + id).statusCode()).isEqualTo(202);
    awaitCached(id);
    assertThat(state().getJsonArray("queued_images")).doesNotContain(id);
    assertThat(api.call("DELETE", "/v2/cache/" + id).statusCode()).isEqualTo(204);

    assertThat(cached()).doesNotContain(id);
  }

  @Test
  void forgetsDeletedImages() throws Exception {
    var id = api.create(UploadWireTest.data(1000));
    api.download(id);
    awaitCached(id);

    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);

    assertThat(cached()).doesNotContain(id);
    assertThat(files()).noneMatch(file -> file.startsWith(id));
    assertThat(api.download(id).statusCode()).isEqualTo(404);
  }

  private List<String> files() throws Exception {
    try (var files = Files.walk(directory.resolve("data/cache"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private Path file(String id) throws Exception {
    try (var files = Files.list(directory.resolve("data/cache/images"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(id))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void forgetsDeactivatedImages() throws Exception {
    var id = api.create(UploadWireTest.data(1000));
    api.download(id);
    awaitCached(id);

    assertThat(api.call("POST", "/v2/images/" + id + "/actions/deactivate").statusCode())
        .isEqualTo(204);

    assertThat(cached()).doesNotContain(id);
    assertThat(files()).noneMatch(file -> file.startsWith(id));
    assertThat(api.download(id).statusCode()).isEqualTo(200);
  }

  @Test
  void forgetsImagesThatAreDeletedOnTheirWay() throws Exception {
    var data = UploadWireTest.data(8 << 20);
    for (int round = 0; round < 5; round++) {
      var id = api.create(data);
      var download = api.downloadLater(id);

      assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);
      assertThat(cached()).doesNotContain(id);
      assertThat(files()).noneMatch(file -> file.startsWith(id));

      download.handle((answer, failure) -> "").get();
      assertThat(cached()).doesNotContain(id);
      assertThat(files()).noneMatch(file -> file.startsWith(id));
    }
  }

  @Test
  void keepsInTheQueueWhatCannotBeHadNow() throws Exception {
    var id = api.create(UploadWireTest.data(1000));
    var others = api.create(UploadWireTest.data(1001));
    var store = server.store("local");
    var aside = store.resolveSibling("aside");
    Files.move(store, aside);
    awaitStore("0.0");

    assertThat(api.call("PUT", "/v2/cache/" + id).statusCode()).isEqualTo(202);
    assertThat(api.call("PUT", "/v2/cache/" + others).statusCode()).isEqualTo(202);
    TestingConditions.await(
        () -> management().contains("vitrine_cache_failures_total"), Boolean::booleanValue);
    TestingConditions.await(this::failures, count -> count >= 2);
    assertThat(state().getJsonArray("queued_images")).contains(id, others);

    Files.move(aside, store);
    awaitStore("1.0");
    awaitCached(id);
    awaitCached(others);
    assertThat(state().getJsonArray("queued_images")).doesNotContain(id, others);
  }

  private void awaitStore(String isUp) {
    TestingConditions.await(
        this::management, found -> found.contains("vitrine_store_up{store=\"local\"} " + isUp));
  }

  private String management() throws Exception {
    return new TestingApi(server.managementPort()).call("GET", "/metrics").body();
  }

  private double failures() throws Exception {
    return management()
        .lines()
        .filter(line -> line.startsWith("vitrine_cache_failures_total "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
        .sum();
  }

  @Test
  void readsTheStoreWhenAFileOfTheCacheHasGone() throws Exception {
    var data = UploadWireTest.data(5000);
    var gone = api.create(data);
    var cut = api.create(data);
    for (var id : List.of(gone, cut)) {
      api.download(id);
      awaitCached(id);
    }
    Files.delete(file(gone));
    Files.write(file(cut), new byte[10]);

    for (var id : List.of(gone, cut)) {
      var answer = api.download(id);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(data);
      TestingConditions.await(this::cached, images -> !images.contains(id));
    }
  }

  @Test
  void listsWhileFilesComeAndGo() throws Exception {
    var queue = directory.resolve("data/cache/queue");
    var isDone = new AtomicBoolean();
    var changes =
        CompletableFuture.runAsync(
            () -> {
              while (!isDone.get()) {
                var file = queue.resolve(UUID.randomUUID().toString());
                try {
                  Files.createFile(file);
                  Files.deleteIfExists(file);
                } catch (IOException failure) {
                  throw new UncheckedIOException(failure);
                }
              }
            });

    try {
      for (int look = 0; look < 200; look++) {
        state();
      }
    } finally {
      isDone.set(true);
      changes.get();
    }
  }

  @Test
  void clearsAll() throws Exception {
    var id = api.create(UploadWireTest.data(1000));
    api.download(id);
    awaitCached(id);

    var wrong = api.call("DELETE", "/v2/cache", "x-image-cache-clear-target", "all");
    var queue = api.call("DELETE", "/v2/cache", "x-image-cache-clear-target", "queue");
    assertThat(cached()).contains(id);
    var all = api.call("DELETE", "/v2/cache");

    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(queue.statusCode()).isEqualTo(204);
    assertThat(all.statusCode()).isEqualTo(204);
    assertThat(cached()).doesNotContain(id);
  }

  @Test
  void refusesWhatCannotBeCached() throws Exception {
    var empty = api.create();
    var unknown = UUID.randomUUID();

    assertThat(api.call("PUT", "/v2/cache/" + empty).statusCode()).isEqualTo(400);
    assertThat(api.call("PUT", "/v2/cache/" + unknown).statusCode()).isEqualTo(404);
    assertThat(api.call("DELETE", "/v2/cache/" + unknown).statusCode()).isEqualTo(404);
  }

  @Test
  void cleansAndPrunes() throws Exception {
    var pruned = api.call("POST", "/v2/cache/prune");

    assertThat(new JsonObject(pruned.body()))
        .isEqualTo(JsonObject.of("total_files_pruned", 0, "total_bytes_pruned", 0));
    assertThat(api.call("POST", "/v2/cache/clean").statusCode()).isEqualTo(200);
  }

  @Test
  void isOfVersionsThatAreOnlyThereWithIt() throws Exception {
    assertThat(api.call("GET", "/versions").body()).contains("v2.18", "v2.16", "v2.14");
    assertThat(api.call("GET", "/v2.18/cache").statusCode()).isEqualTo(200);
    assertThat(without.call("GET", "/versions").body())
        .doesNotContain("v2.18")
        .doesNotContain("v2.16")
        .contains("v2.17");
    assertThat(without.call("GET", "/v2.18/cache").statusCode()).isEqualTo(300);
  }
}
