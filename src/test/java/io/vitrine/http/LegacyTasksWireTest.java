package io.vitrine.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.ServerOfProjects;
import io.vitrine.SharedServer;
import io.vitrine.TestingConditions;
import io.vitrine.TestingServer;
import io.vitrine.TestingSource;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
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
            .put("image_properties", new JsonObject().put("name", "imported").put("os", "linux"));
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
    assertThat(task.getString("type")).isEqualTo("import");
    assertThat(task.getString("owner")).isEqualTo(TestingServer.PROJECT);
    assertThat(task.getJsonObject("input")).isEqualTo(wanted.getJsonObject("input"));
    var done = TestingConditions.await(() -> get(self), seen -> !isOpen(seen.getString("status")));
    assertThat(done.getString("status")).as(done.encode()).isEqualTo("success");
    assertThat(done.getString("expires_at")).endsWith("Z");
    var image = api.image(done.getString("image_id"));
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
        "{\"type\": \"api_image_import\", \"input\": {}}",
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
    assertThat(api.call("DELETE", "/v2/tasks/x").statusCode()).isEqualTo(405);
  }
}
