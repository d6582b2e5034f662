package io.vitrine.api.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.config.ConfigException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A server that describes extra properties, and one that would do it wrongly. */
class ImageSchemaWireTest {
  private static TestingServer server;
  private static TestingApi api;

  @BeforeAll
  static void start() throws Exception {
    var directory = TestingServer.newDirectory();
    var file =
        Files.writeString(
            directory.resolve("schema-image.json"),
            """
            {"flavour": {"type": ["null", "string"], "enum": [null, "sweet", "sour"]}}
            """);
    server = TestingServer.start(directory, Map.of("VITRINE_IMAGE__SCHEMA_FILE", file.toString()));
    api = new TestingApi(server.port());
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void showsDescribedProperties() throws Exception {
    var image = new JsonObject(api.call("GET", "/v2/schemas/image").body());
    var images = new JsonObject(api.call("GET", "/v2/schemas/images").body());

    assertThat(image.getJsonObject("properties").getJsonObject("flavour"))
        .isEqualTo(
            new JsonObject()
                .put("type", new JsonArray().add("null").add("string"))
                .put("enum", new JsonArray().addNull().add("sweet").add("sour"))
                .put("is_base", false));
    assertThat(images.getJsonObject("properties").getJsonObject("images").getJsonObject("items"))
        .isEqualTo(image);
  }

  @Test
  void createsOnlyWhatIsValid() throws Exception {
    var sweet = api.post("/v2/images", new JsonObject().put("flavour", "sweet"));
    var bitter = api.post("/v2/images", new JsonObject().put("flavour", "bitter"));

    assertThat(new JsonObject(sweet.body()).getString("flavour")).isEqualTo("sweet");
    assertRefused(bitter);
  }

  @Test
  void patchesOnlyToWhatIsValid() throws Exception {
    var created = api.post("/v2/images", new JsonObject().put("flavour", "sweet"));
    var id = new JsonObject(created.body()).getString("id");

    var sour = replace(id, "sour");
    var bitter = replace(id, "bitter");

    assertThat(new JsonObject(sour.body()).getString("flavour")).isEqualTo("sour");
    assertRefused(bitter);
  }

  private static HttpResponse<String> replace(String id, String flavour) throws Exception {
    var operation = new JsonObject().put("op", "replace").put("path", "/flavour");
    return api.patch(id, new JsonArray().add(operation.put("value", flavour)));
  }

  private static void assertRefused(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("/flavour").contains("sweet").contains("sour");
  }

  @Test
  void doesNotStartWithAFileThatDescribesNothing() throws Exception {
    var directory = TestingServer.newDirectory();
    var file = Files.writeString(directory.resolve("schema-image.json"), "{\"flavour\": 1}");

    assertThatThrownBy(
            () ->
                TestingServer.start(
                        directory, Map.of("VITRINE_IMAGE__SCHEMA_FILE", file.toString()))
                    .close())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("/properties/flavour: integer found, object expected");
  }
}
