package io.vitrine.api.imports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.ServerOfProjects;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith({SharedServer.class, ServerOfProjects.class})
class LegacyTasksWireTest {
  private static final byte[] DATA = "data".getBytes(UTF_8);

  private final TestingApi api;
  private final TestingSource source;
  private final ServerOfProjects projects;

  LegacyTasksWireTest(TestingServer server, TestingSource source, ServerOfProjects projects) {
    this.api = new TestingApi(server.port());
    this.source = source;
    this.projects = projects;
  }

  private JsonObject task(byte[] data) {
    var input =
        new JsonObject()
            .put("import_from", source.serve(data))
            .put("import_from_format", "raw")
            .put("image_properties", new JsonObject().put("name", "imported").put("os", "linux"))
            .put("backend", "unknown");
    return new JsonObject().put("type", "import").put("input", input);
  }

  private JsonObject get(String path) throws Exception {
    var answer = api.call("GET", path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  @Test
  void importsAnImage() throws Exception {
    var wanted = task(DATA);

    var answer = api.post("/v2/tasks", wanted);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    var task = new JsonObject(answer.body());
    var self = "/v2/tasks/" + task.getString("id");
    assertThat(answer.headers().firstValue("Location").orElseThrow()).endsWith(self);
    assertThat(task.getString("self")).isEqualTo(self);
    assertThat(task.getString("schema")).isEqualTo("/v2/schemas/task");
    assertThat(task.fieldNames())
        .containsOnly(
            "created_at",
            "id",
            "input",
            "message",
            "owner",
            "schema",
            "self",
            "status",
            "type",
            "result",
            "updated_at",
            "request_id");
    assertThat(task.getString("type")).isEqualTo("import");
    assertThat(task.getString("status")).isEqualTo("pending");
    assertThat(task.getString("owner")).isEqualTo(TestingServer.PROJECT);
    assertThat(task.getJsonObject("input")).isEqualTo(wanted.getJsonObject("input"));
    var done = TestingConditions.await(() -> get(self), seen -> !isOpen(seen.getString("status")));
    assertThat(done.getString("status")).as(done.encode()).isEqualTo("success");
    assertThat(done.getString("expires_at")).endsWith("Z");
    assertThat(done.containsKey("image_id")).isFalse();
    var image = api.image(done.getJsonObject("result").getString("image_id"));
    assertThat(image.getString("status")).isEqualTo("active");
    assertThat(image.getString("name")).isEqualTo("imported");
    assertThat(image.getString("os")).isEqualTo("linux");
    assertThat(api.download(image.getString("id")).body()).isEqualTo(DATA);
  }

  private static boolean isOpen(String status) {
    return status.equals("pending") || status.equals("processing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"type\": \"import\"}",
        "{\"type\": \"import\", \"input\": {}}",
        "{\"type\": \"copy\", \"input\": {}}",
        "{\"type\": \"api_image_import\", \"input\": null}",
        "{\"type\": \"api_image_import\", \"input\": {}, \"what\": 1}",
        "{\"type\": \"api_image_import\", \"input\": {}, \"status\": \"done\"}",
        "{\"type\": \"import\", \"input\": {\"import_from\": \"file:///etc/passwd\","
            + " \"import_from_format\": \"raw\", \"image_properties\": {}}}",
        "{\"type\": \"import\", \"input\": {\"import_from\": \"http://10.0.0.1/x\","
            + " \"import_from_format\": \"raw\", \"image_properties\": {}}}",
        "{\"type\": \"import\", \"input\": {\"import_from\": 1,"
            + " \"import_from_format\": \"raw\", \"image_properties\": {}}}"
      })
  void refusesTasksThatAreNot(String body) throws Exception {
    var answer = api.send("POST", "/v2/tasks", BodyPublishers.ofString(body));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "api_image_import | {\"import_from\": \"http://example.com\", \"import_from_format\":"
            + " \"qcow2\", \"image_properties\": {}} | Missing required 'image_id' field",
        "api_image_import | {\"image_id\": \"x\"} | /v2/images",
        "api_image_import | {} | Input to api_image_import task is empty.",
        "location_import | {} | Input to location_import task is empty.",
        "location_import | {\"loc_url\": \"x\"} | Input does not contain 'image_id' field",
        "location_import | {\"image_id\": \"x\"} | Input does not contain 'loc_url' field",
        "location_import | {\"image_id\": \"x\", \"loc_url\": \"x\"} | 'validation_data' field",
        "import | {\"import_from\": \"@\"} | 'import_from_format'",
        "import | {\"import_from\": \"@\", \"import_from_format\": \"raw\"} | 'image_properties'",
      })
  void takesTasksThatFail(String type, String input, String reason) throws Exception {
    var given = new JsonObject(input.replace("@", source.serve(DATA)));
    var wanted = new JsonObject().put("type", type).put("input", given);

    var answer = api.post("/v2/tasks", wanted.copy().put("message", "of the client"));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    var task = new JsonObject(answer.body());
    assertThat(task.getString("type")).isEqualTo(type);
    assertThat(task.getString("status")).isEqualTo("pending");
    assertThat(task.getString("message")).isEmpty();
    assertThat(task.getJsonObject("input")).isEqualTo(given);
    assertThat(task.getString("image_id")).isEqualTo(given.getString("image_id"));
    var done = get(task.getString("self"));
    assertThat(done.getString("status")).isEqualTo("failure");
    assertThat(done.getString("message")).contains(reason);
    assertThat(done.getString("expires_at")).endsWith("Z");
    assertThat(ids("/v2/tasks")).contains(task.getString("id"));
  }

  private List<String> ids(String path) throws Exception {
    return get(path).getJsonArray("tasks").stream()
        .map(task -> ((JsonObject) task).getString("id"))
        .toList();
  }

  @Test
  void filtersByWhatATaskSays() throws Exception {
    var made = new JsonObject(api.post("/v2/tasks", task(DATA)).body());
    var id = made.getString("id");
    var image = api.create(DATA);
    api.post(
        "/v2/images/" + image + "/import",
        new JsonObject()
            .put("method", new JsonObject().put("name", "copy-image"))
            .put("stores", new JsonArray().add("archive")));

    assertThat(ids("/v2/tasks?owner=" + TestingServer.PROJECT)).contains(id);
    assertThat(ids("/v2/tasks?request_id=" + made.getString("request_id"))).containsExactly(id);
    assertThat(ids("/v2/tasks?image_id=" + image)).hasSize(1).doesNotContain(id);
    for (var other : List.of("owner=nobody", "owner=", "type=", "status=", "user_id=nobody")) {
      assertThat(ids("/v2/tasks?" + other)).as(other).isEmpty();
    }
  }

  @Test
  void leadsThroughAllPages() throws Exception {
    var made = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      made.add(new JsonObject(api.post("/v2/tasks", task(DATA)).body()).getString("id"));
    }

    var seen = new ArrayList<String>();
    for (var link = "/v2/tasks?limit=2&type=import&sort_dir=asc"; link != null; ) {
      var page = get(link);
      assertThat(page.getString("schema")).isEqualTo("/v2/schemas/tasks");
      for (var item : page.getJsonArray("tasks")) {
        var task = (JsonObject) item;
        assertThat(task.fieldNames()).doesNotContain("input", "result", "message");
        seen.add(task.getString("id"));
      }
      link = page.getString("next");
    }

    assertThat(seen).containsSubsequence(made).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=-1",
        "limit=x",
        "marker=x",
        "marker=00000000-0000-0000-0000-000000000000",
        "sort_dir=up",
        "sort_key=message",
        "status=done",
        "type=api_image_import"
      })
  void refusesToList(String query) throws Exception {
    assertThat(api.call("GET", "/v2/tasks?" + query).statusCode()).isEqualTo(400);
  }

  @Test
  void isForAdministratorsOnly() throws Exception {
    var member = projects.member("demo");

    assertThat(member.call("GET", "/v2/tasks").statusCode()).isEqualTo(403);
    assertThat(member.call("GET", "/v2/tasks/" + UUID.randomUUID()).statusCode()).isEqualTo(403);
    assertThat(member.post("/v2/tasks", task(DATA)).statusCode()).isEqualTo(403);
    assertThat(api.call("GET", "/v2/tasks/" + UUID.randomUUID()).statusCode()).isEqualTo(404);
    assertThat(api.call("GET", "/v2/tasks/x").statusCode()).isEqualTo(404);
    var deleted = api.call("DELETE", "/v2/tasks/x");
    assertThat(deleted.statusCode()).isEqualTo(405);
    assertThat(deleted.headers().firstValue("Allow")).hasValue("GET");
  }
}
