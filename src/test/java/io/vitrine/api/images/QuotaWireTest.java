package io.vitrine.api.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingKeystone;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Projects with limits of Keystone; each test has one of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuotaWireTest {
  private static final int MIB = 1 << 20;
  private static final List<String> RESOURCES =
      List.of(
          "image_size_total", "image_stage_total", "image_count_total", "image_count_uploading");

  private TestingKeystone keystone;
  private Path directory;
  private TestingServer server;

  @BeforeAll
  void start() throws Exception {
    keystone = TestingKeystone.start();
    RESOURCES.forEach(resource -> keystone.register(resource, -1));
    directory = TestingServer.newDirectory();
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_IDENTITY__KIND", "keystone",
                "VITRINE_IDENTITY__KEYSTONE__URL", keystone.url(),
                "VITRINE_IDENTITY__KEYSTONE__PASSWORD", TestingKeystone.PASSWORD,
                "VITRINE_IDENTITY__KEYSTONE__RETRIES", "0",
                "VITRINE_QUOTA__SOURCE", "keystone"));
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    keystone.close();
    TestingServer.remove(directory);
  }

  /** A member of a new project, whose token is what the project is called. */
  private String project() {
    var project = UUID.randomUUID().toString();
    keystone.issue(project, "ann", project, "member", "reader");
    return project;
  }

  private TestingApi limited(String project, String resource, int limit) {
    keystone.limit(project, resource, limit);
    return new TestingApi(server.port(), "X-Auth-Token", project);
  }

  private TestingApi limited(String resource, int limit) {
    return limited(project(), resource, limit);
  }

  private static JsonObject usage(TestingApi api) throws Exception {
    var answer = api.call("GET", "/v2/info/usage");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body()).getJsonObject("usage");
  }

  private static JsonObject figures(int usage, int limit) {
    return new JsonObject().put("usage", usage).put("limit", limit);
  }

  private static byte[] data(int size) {
    return UploadWireTest.data(size);
  }

  /** Sends data whose size the server is not told before its end. */
  private static int uploadChunked(TestingApi api, String id, byte[] data) throws Exception {
    return api.send(
            "PUT",
            "/v2/images/" + id + "/file",
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(data)),
            "Content-Type",
            "application/octet-stream")
        .statusCode();
  }

  /** The statuses of all calls, which are made at the same time. */
  private static List<Integer> atOnce(List<Callable<Integer>> calls) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var statuses = new ArrayList<Integer>();
      for (var call : threads.invokeAll(calls)) {
        statuses.add(call.get());
      }
      return statuses;
    }
  }

  @RepeatedTest(20)
  void letsThroughAsManyUploadsAsFit() throws Exception {
    var api = limited("image_size_total", 1);
    var data = data(100 << 10);
    var uploads = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 64; i++) {
      var id = api.create();
      boolean isSizeKnown = i % 4 != 0;
      uploads.add(
          () -> isSizeKnown ? api.upload(id, data).statusCode() : uploadChunked(api, id, data));
    }

    var statuses = atOnce(uploads);

    assertThat(statuses).containsOnly(204, 413);
    assertThat(statuses.stream().filter(status -> status == 204)).hasSize(10);
    assertThat(usage(api).getJsonObject("image_size_total")).isEqualTo(figures(0, 1));
    assertThat(api.call("GET", "/v2/images?status=active&limit=100").body().split("\"checksum\""))
        .hasSize(11);
  }

  @Test
  void letsThroughAsManyImagesAsMayBe() throws Exception {
    var api = limited("image_count_total", 10);
    Callable<Integer> creation = () -> api.post("/v2/images", new JsonObject()).statusCode();

    var statuses = atOnce(Collections.nCopies(64, creation));

    assertThat(statuses).containsOnly(201, 413);
    assertThat(statuses.stream().filter(status -> status == 201)).hasSize(10);
    assertThat(usage(api).getJsonObject("image_count_total")).isEqualTo(figures(10, 10));
  }

  private static String over(String project, String resource, int limit, int usage, int delta) {
    return "Project %s is over a limit for [Resource %s is over limit of %d due to current usage %d and delta %d]"
        .formatted(project, resource, limit, usage, delta);
  }

  @Test
  void tellsWhatIsOverALimitInTheWordsOfGlance() throws Exception {
    var project = project();
    limited(project, "image_count_total", 3);
    limited(project, "image_size_total", 5);
    var api = limited(project, "image_stage_total", 5);
    assertThat(api.create(data(3 * MIB))).isNotEmpty();
    var next = api.create();
    var staged = api.create();

    assertThat(api.upload(next, data(3 * MIB)).body())
        .contains(over(project, "image_size_total", 5, 3, 3))
        .contains("6291456 bytes of at most 5242880");
    assertThat(api.stage(staged, data(3 * MIB)).statusCode()).isEqualTo(204);
    assertThat(api.stage(next, data(3 * MIB)).body())
        .contains(over(project, "image_stage_total", 5, 3, 3));
    assertThat(api.importStaged(staged).body())
        .contains(over(project, "image_size_total", 5, 3, 3));
    assertThat(api.post("/v2/images", new JsonObject()).body())
        .contains(over(project, "image_count_total", 3, 3, 1));
  }

  @Test
  void makesRoomWhenAnImageIsDeleted() throws Exception {
    var api = limited("image_count_total", 1);
    var id = api.create();
    assertThat(api.post("/v2/images", new JsonObject()).statusCode()).isEqualTo(413);

    api.call("DELETE", "/v2/images/" + id);

    assertThat(api.post("/v2/images", new JsonObject()).statusCode()).isEqualTo(201);
  }

  @Test
  void reservesWhatIsAnnouncedUntilTheUploadIsCut() throws Exception {
    var project = project();
    var api = limited(project, "image_size_total", 4);
    var cut = api.create();
    var next = api.create();
    var data = data(4 * MIB);
    var connection = new RawConnection(server.port());
    connection
        .put(
            "/v2/images/" + cut + "/file",
            "X-Auth-Token: " + project + "\r\nContent-Length: " + data.length + "\r\n")
        .send(Arrays.copyOf(data, MIB));
    api.await(cut, "saving");
    assertThat(usage(api).getJsonObject("image_size_total")).isEqualTo(figures(4, 4));
    assertThat(api.upload(next, new byte[] {1}).statusCode()).isEqualTo(413);
    assertThat(api.image(next).getString("status")).isEqualTo("queued");

    connection.cut();
    api.await(cut, "queued");

    assertThat(usage(api).getJsonObject("image_size_total")).isEqualTo(figures(0, 4));
    assertThat(api.upload(next, data).statusCode()).isEqualTo(204);
  }

  @Test
  void refusesDataThatProvesTooLarge() throws Exception {
    var api = limited("image_size_total", 1);
    var id = api.create();

    var status = uploadChunked(api, id, data(MIB + 1));

    assertThat(status).isEqualTo(413);
    api.await(id, "queued");
    assertThat(uploadChunked(api, id, data(MIB))).isEqualTo(204);
    assertThat(usage(api).getJsonObject("image_size_total")).isEqualTo(figures(1, 1));
  }

  @Test
  void limitsTheImagesThatAreGettingData() throws Exception {
    var api = limited("image_count_uploading", 1);
    var first = api.create();
    var second = api.create();
    assertThat(api.stage(first, data(10)).statusCode()).isEqualTo(204);

    assertThat(api.stage(second, data(10)).statusCode()).isEqualTo(413);
    assertThat(api.upload(second, data(10)).statusCode()).isEqualTo(413);
    assertThat(usage(api).getJsonObject("image_count_uploading")).isEqualTo(figures(1, 1));

    assertThat(api.importStaged(first).statusCode()).isEqualTo(202);
    api.await(first, "active");
    assertThat(api.upload(second, data(10)).statusCode()).isEqualTo(204);
    assertThat(usage(api).getJsonObject("image_count_uploading")).isEqualTo(figures(0, 1));
  }

  @Test
  void limitsWhatIsStaged() throws Exception {
    var api = limited("image_stage_total", 1);
    var first = api.create();
    var second = api.create();
    assertThat(api.stage(first, data(MIB)).statusCode()).isEqualTo(204);

    assertThat(api.stage(second, data(1)).statusCode()).isEqualTo(413);
    assertThat(usage(api).getJsonObject("image_stage_total")).isEqualTo(figures(1, 1));

    assertThat(api.importStaged(first).statusCode()).isEqualTo(202);
    api.await(first, "active");
    assertThat(api.stage(second, data(MIB)).statusCode()).isEqualTo(204);
  }

  @Test
  void importsNoMoreThanFits() throws Exception {
    var api = limited("image_size_total", 1);
    var imports = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 8; i++) {
      var id = api.create();
      assertThat(api.stage(id, data(300 << 10)).statusCode()).isEqualTo(204);
      imports.add(() -> api.importStaged(id).statusCode());
    }

    var statuses = atOnce(imports);

    assertThat(statuses).containsOnly(202, 413);
    assertThat(statuses.stream().filter(status -> status == 202)).hasSize(3);
    TestingConditions.await(
        () -> api.call("GET", "/v2/images?status=active").body().split("\"checksum\"").length,
        parts -> parts == 4);
  }

  @Test
  void showsWhatIsUsed() throws Exception {
    var api = limited("image_count_total", 7);
    api.create();
    api.create(data(3 * MIB + 5));
    assertThat(api.stage(api.create(), data(2 * MIB)).statusCode()).isEqualTo(204);

    var usage = usage(api);

    assertThat(usage)
        .isEqualTo(
            new JsonObject()
                .put("image_size_total", figures(3, -1))
                .put("image_stage_total", figures(2, -1))
                .put("image_count_total", figures(3, 7))
                .put("image_count_uploading", figures(1, -1)));
  }

  @Test
  void isUnavailableWhileLimitsCannotBeKnown() throws Exception {
    var api = limited("image_count_total", 1);
    assertThat(api.call("GET", "/v2/images").statusCode()).isEqualTo(200);

    keystone.failWith(500);
    var refused = api.post("/v2/images", new JsonObject());
    keystone.failWith(0);

    assertThat(refused.statusCode()).isEqualTo(503);
    TestingConditions.await(
        () -> api.post("/v2/images", new JsonObject()).statusCode(), status -> status == 201);
  }
}
