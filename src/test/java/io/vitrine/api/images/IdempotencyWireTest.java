package io.vitrine.api.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.ServerOfProjects;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.HashSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that come again under the same key. */
@ExtendWith(ServerOfProjects.class)
class IdempotencyWireTest {
  private static final String IMAGE =
      new JsonObject()
          .put("name", "twice")
          .put("disk_format", "raw")
          .put("container_format", "bare")
          .encode();

  private final String project = UUID.randomUUID().toString();
  private final ServerOfProjects server;
  private final TestingApi api;

  IdempotencyWireTest(ServerOfProjects server) {
    this.server = server;
    this.api = server.member(project);
  }

  private static HttpResponse<String> create(TestingApi api, String body, String key)
      throws Exception {
    return post(api, "/v2/images", body, key);
  }

  private static HttpResponse<String> post(TestingApi api, String path, String body, String key)
      throws Exception {
    return api.send("POST", path, BodyPublishers.ofString(body), "Idempotency-Key", key);
  }

  private int images() throws Exception {
    var list = new JsonObject(api.call("GET", "/v2/images?owner=" + project).body());
    return list.getJsonArray("images").size();
  }

  @Test
  void makesOneImageOfManyRetries() throws Exception {
    Callable<HttpResponse<String>> retry = () -> create(api, IMAGE, "k");
    var bodies = new HashSet<String>();
    var locations = new HashSet<String>();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(Collections.nCopies(32, retry))) {
        assertThat(answer.get().statusCode()).isEqualTo(201);
        bodies.add(answer.get().body());
        locations.add(answer.get().headers().firstValue("Location").orElseThrow());
      }
    }

    assertThat(bodies).hasSize(1);
    assertThat(locations).hasSize(1);
    assertThat(images()).isEqualTo(1);
  }

  @Test
  void neitherShowsNorReplacesAnImageThatIsGone() throws Exception {
    var id = new JsonObject(create(api, IMAGE, "k").body()).getString("id");
    api.call("DELETE", "/v2/images/" + id);

    var again = create(api, IMAGE, "k");

    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.body()).contains(id).contains("was deleted");
    assertThat(images()).isZero();
    assertThat(create(api, IMAGE, "l").statusCode()).isEqualTo(201);
  }

  @Test
  void tellsOfNoImportOfAnImageThatIsGone() throws Exception {
    var id = api.create();
    assertThat(api.stage(id, UploadWireTest.data(10)).statusCode()).isEqualTo(204);
    var path = "/v2/images/" + id + "/import";
    var body = "{\"method\": {\"name\": \"glance-direct\"}}";
    assertThat(post(api, path, body, "i").statusCode()).isEqualTo(202);
    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);

    assertThat(post(api, path, body, "i").statusCode()).isEqualTo(404);
  }

  @Test
  void refusesAKeyForAnotherRequest() throws Exception {
    create(api, IMAGE, "k");

    var other = create(api, "{}", "k");

    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(other.body()).contains("Idempotency-Key 'k'");
    assertThat(images()).isEqualTo(1);
  }

  @Test
  void keepsTheKeysOfProjectsApart() throws Exception {
    var mine = create(api, IMAGE, "k");

    var theirs = create(server.member(UUID.randomUUID().toString()), IMAGE, "k");

    assertThat(new JsonObject(theirs.body()).getString("id"))
        .isNotEqualTo(new JsonObject(mine.body()).getString("id"));
  }

  @Test
  void forgetsWhatFailed() throws Exception {
    var id = UUID.randomUUID().toString();
    var body = new JsonObject().put("id", id).encode();
    var taken =
        server.member(UUID.randomUUID().toString()).post("/v2/images", new JsonObject(body));
    assertThat(taken.statusCode()).isEqualTo(201);

    assertThat(create(api, body, "k").statusCode()).isEqualTo(409);

    assertThat(create(api, IMAGE, "k").statusCode()).isEqualTo(201);
  }

  @Test
  void importsOnce() throws Exception {
    var id = api.create();
    assertThat(api.stage(id, UploadWireTest.data(10)).statusCode()).isEqualTo(204);
    var body = "{\"method\": {\"name\": \"glance-direct\"}}";
    Callable<HttpResponse<String>> retry =
        () -> post(api, "/v2/images/" + id + "/import", body, "i");

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(Collections.nCopies(32, retry))) {
        assertThat(answer.get().statusCode()).as(answer.get().body()).isEqualTo(202);
      }
    }

    assertThat(api.task(id).getString("type")).isEqualTo("api_image_import");
    assertThat(api.importStaged(id).statusCode()).isEqualTo(409);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 256})
  void refusesAKeyOfNoUse(int length) throws Exception {
    assertThat(create(api, IMAGE, "k".repeat(length)).statusCode()).isEqualTo(400);
    assertThat(create(api, IMAGE, "k".repeat(255)).statusCode()).isEqualTo(201);
  }
}
