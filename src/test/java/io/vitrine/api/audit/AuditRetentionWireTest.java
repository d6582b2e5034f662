package io.vitrine.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a server keeps the audit trail. */
class AuditRetentionWireTest {
  private Path directory;

  @BeforeEach
  void prepare() throws Exception {
    directory = TestingServer.newDirectory();
  }

  @AfterEach
  void clear() throws Exception {
    TestingServer.remove(directory);
  }

  private static JsonArray records(TestingApi api, String image) throws Exception {
    var answer = api.call("GET", "/vitrine/v1/images/" + image + "/audit");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body()).getJsonArray("records");
  }

  @Test
  void removesRecordsThatAreOlder() throws Exception {
    var yaml = "{audit: {retention: 5s}, lease: {gc_interval: 1s}}";
    try (var server = TestingServer.start(directory, Map.of(), yaml)) {
      var api = new TestingApi(server.port());
      var image = api.create();

      TestingConditions.await(() -> records(api, image), JsonArray::isEmpty);

      assertThat(api.image(image).getString("status")).isEqualTo("queued");
    }
  }

  @Test
  void outlivesARestart() throws Exception {
    String image;
    try (var server = TestingServer.start(directory, Map.of())) {
      image = new TestingApi(server.port()).create();
    }
    try (var server = TestingServer.start(directory, Map.of())) {
      assertThat(records(new TestingApi(server.port()), image)).hasSize(1);
    }
  }
}
