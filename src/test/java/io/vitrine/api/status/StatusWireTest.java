package io.vitrine.api.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusWireTest {
  private static final int DATA_BYTES = 3000;

  private static Path directory;
  private static TestingServer server;
  private static TestingApi api;

  @BeforeAll
  static void start() throws Exception {
    directory = TestingServer.newDirectory();
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_CACHE__ENABLED",
                "true",
                "VITRINE_STORES__CHECK_INTERVAL",
                "100ms",
                "VITRINE_QUOTA__SOURCE",
                "local",
                "VITRINE_QUOTA__IMAGE_COUNT_TOTAL",
                "77"));
    api = new TestingApi(server.port());
    api.create(new byte[DATA_BYTES]);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    TestingServer.remove(directory);
  }

  private static JsonObject get(String path) throws Exception {
    var answer = api.call("GET", "/vitrine/v1/status" + path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  @Test
  void showsTheProcessItsCacheAndTheQueue() throws Exception {
    var status = get("");

    assertThat(status.getJsonObject("node").getJsonArray("roles"))
        .containsExactly("http", "import", "store");
    assertThat(status.getJsonObject("cache").getLong("max_bytes")).isPositive();
    assertThat(status.getJsonObject("queue").getInteger("waiting")).isZero();
    assertThat(status.getJsonObject("queue").getJsonArray("tasks")).isEmpty();
  }

  @Test
  void showsWhatStoresHoldAndTheirRoom() throws Exception {
    // The room is that of the last check.
    TestingConditions.await(
        () -> get("/stores").getJsonArray("stores").getJsonObject(0),
        store -> store.getJsonObject("room") != null);

    var stores = get("/stores").getJsonArray("stores");

    var local = stores.getJsonObject(0);
    assertThat(local.getString("id")).isEqualTo("local");
    assertThat(local.getString("type")).isEqualTo("file");
    assertThat(local.getJsonObject("health")).isEqualTo(new JsonObject().put("state", "up"));
    assertThat(local.getLong("bytes")).isEqualTo(DATA_BYTES);
    var room = local.getJsonObject("room");
    assertThat(room.getLong("free_bytes")).isBetween(1L, room.getLong("total_bytes"));
    assertThat(local.getJsonObject("scrub").getLong("unread")).isEqualTo(1);
    assertThat(stores.getJsonObject(stores.size() - 1).getString("type")).isEqualTo("staging");
  }

  @Test
  void showsWhatProjectsUseAndTheirLimits() throws Exception {
    var projects = get("/projects").getJsonArray("projects");

    assertThat(projects).hasSize(1);
    var project = projects.getJsonObject(0);
    assertThat(project.getString("project")).isEqualTo(TestingServer.PROJECT);
    assertThat(project.getJsonObject("bytes").getLong("used")).isEqualTo(DATA_BYTES);
    assertThat(project.getJsonObject("images"))
        .isEqualTo(new JsonObject().put("used", 1).put("limit", 77));
  }

  @Test
  void showsTheLastHoursInColumns() throws Exception {
    var samples = get("/samples");

    int count = samples.getJsonArray("times").size();
    var series = samples.getJsonObject("series");
    assertThat(series.fieldNames()).contains("requests", "received_bytes", "processor");
    assertThat(series.fieldNames())
        .allSatisfy(name -> assertThat(series.getJsonArray(name)).hasSize(count));
    assertThat(get("/samples?after=99999999999").getJsonArray("times")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"now", "", "1.5", "99999999999999999999"})
  void refusesTimesThatAreNone(String after) throws Exception {
    var answer = api.call("GET", "/vitrine/v1/status/samples?after=" + after);

    assertThat(answer.statusCode()).isEqualTo(400);
  }
}
