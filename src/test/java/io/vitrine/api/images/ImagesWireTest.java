package io.vitrine.api.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(SharedServer.class)
class ImagesWireTest {
  private final TestingApi api;
  private final int port;

  ImagesWireTest(TestingServer server) {
    this.port = server.port();
    this.api = new TestingApi(port);
  }

  @Test
  void createsAnImageWithDefaults() throws Exception {
    var answer = api.post("/v2/images", new JsonObject());

    var image = new JsonObject(answer.body());
    var self = "/v2/images/" + image.getString("id");
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.headers().firstValue("Location")).hasValue("http://127.0.0.1:" + port + self);
    assertThat(answer.headers().firstValue("OpenStack-image-import-methods"))
        .hasValue("glance-direct,web-download,copy-image");
    assertThat(answer.headers().firstValue("OpenStack-image-store-ids").orElseThrow().split(","))
        .containsExactlyInAnyOrder("local", "archive");
    assertThat(image.getString("created_at")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    image.remove("id");
    image.remove("created_at");
    image.remove("updated_at");
    assertThat(image)
        .isEqualTo(
            new JsonObject()
                .put("name", null)
                .put("status", "queued")
                .put("visibility", "shared")
                .put("protected", false)
                .put("os_hidden", false)
                .put("owner", TestingServer.PROJECT)
                .put("disk_format", null)
                .put("container_format", null)
                .put("min_disk", 0)
                .put("min_ram", 0)
                .put("size", null)
                .put("virtual_size", null)
                .put("checksum", null)
                .put("os_hash_algo", null)
                .put("os_hash_value", null)
                .put("tags", new JsonArray())
                .put("self", self)
                .put("file", self + "/file")
                .put("schema", "/v2/schemas/image"));
  }

  @Test
  void keepsEveryValueThatItIsGiven() throws Exception {
    var wanted =
        new JsonObject()
            .put("id", UUID.randomUUID().toString())
            .put("name", "Grüße ☃")
            .put("visibility", "community")
            .put("protected", true)
            .put("os_hidden", true)
            .put("owner", "somebody")
            .put("disk_format", "qcow2")
            .put("container_format", "bare")
            .put("min_disk", 3)
            .put("min_ram", 512)
            .put("tags", new JsonArray().add("a").add("b"))
            .put("os_distro", "debian")
            .put("empty", "");

    var id = api.create(wanted);

    assertThat(api.image(id).getMap())
        .containsAllEntriesOf(new JsonObject(wanted.encode()).getMap());
  }

  static Stream<String[]> refusedImages() {
    return Stream.of(
        new String[] {"400", ""},
        new String[] {"400", "{"},
        new String[] {"400", "[]"},
        new String[] {"400", "null"},
        new String[] {"400", "{\"name\": 1}"},
        new String[] {"400", "{\"id\": \"1\"}"},
        new String[] {"400", "{\"visibility\": \"secret\"}"},
        new String[] {"400", "{\"protected\": \"true\"}"},
        new String[] {"400", "{\"disk_format\": \"floppy\"}"},
        new String[] {"400", "{\"container_format\": \"floppy\"}"},
        new String[] {"400", "{\"min_disk\": -1}"},
        new String[] {"400", "{\"min_ram\": 1.5}"},
        new String[] {"400", "{\"min_ram\": 99999999999}"},
        new String[] {"400", "{\"tags\": \"a\"}"},
        new String[] {"400", "{\"tags\": [\"%s\"]}".formatted("x".repeat(256))},
        new String[] {"400", "{\"os_distro\": 1}"},
        new String[] {"400", "{\"os_distro\": null}"},
        new String[] {"400", "{\"%s\": \"\"}".formatted("x".repeat(256))},
        new String[] {"400", "{\"name\": \"\uD83D\uDE00\"}"},
        new String[] {"400", "{\"name\": \"\\u0000\"}"},
        new String[] {"403", "{\"status\": \"active\"}"},
        new String[] {"403", "{\"checksum\": \"x\"}"},
        new String[] {"403", "{\"size\": 1}"},
        new String[] {"403", "{\"self\": \"x\"}"},
        new String[] {"403", "{\"file\": \"x\"}"},
        new String[] {"403", "{\"schema\": \"x\"}"},
        new String[] {"403", "{\"direct_url\": \"x\"}"},
        new String[] {"403", "{\"stores\": \"x\"}"},
        new String[] {"403", "{\"location\": \"x\"}"},
        new String[] {"403", "{\"locations\": []}"},
        new String[] {"403", "{\"deleted\": \"x\"}"},
        new String[] {"403", "{\"os_glance_import_task\": \"x\"}"},
        new String[] {"413", "{\"tags\": %s}".formatted(new JsonArray(names(129)).encode())},
        new String[] {"413", properties(129).encode()});
  }

  @ParameterizedTest
  @MethodSource("refusedImages")
  void refusesToCreate(String status, String body) throws Exception {
    var answer = api.send("POST", "/v2/images", BodyPublishers.ofString(body));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(Integer.parseInt(status));
  }

  @Test
  void takesAsManyTagsAndPropertiesAsAllowed() throws Exception {
    var id = api.create(properties(128).put("tags", new JsonArray(names(128))));

    assertThat(api.image(id).getJsonArray("tags")).hasSize(128);
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(index -> "n" + index).toList();
  }

  private static JsonObject properties(int count) {
    var properties = new JsonObject();
    names(count).forEach(name -> properties.put(name, name));
    return properties;
  }

  @Test
  void refusesAJsonBodyThatIsTooLarge() throws Exception {
    var body = new JsonObject().put("name", "x".repeat(1 << 20));

    assertThat(api.post("/v2/images", body).statusCode()).isEqualTo(413);
  }

  @Test
  void neverGivesAnIdAwayTwice() throws Exception {
    var image = new JsonObject().put("id", UUID.randomUUID().toString());
    var id = api.create(image);

    assertThat(api.post("/v2/images", image).statusCode()).isEqualTo(409);
    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);
    assertThat(api.post("/v2/images", image).statusCode()).isEqualTo(409);
  }

  @Test
  void deletesAnImageForGood() throws Exception {
    var id = api.create(new byte[] {1});

    var answer = api.call("DELETE", "/v2/images/" + id);

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(api.call("GET", "/v2/images/" + id).statusCode()).isEqualTo(404);
    assertThat(api.call("GET", "/v2/images/" + id + "/file").statusCode()).isEqualTo(404);
    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(404);
    assertThat(api.patch(id, new JsonArray()).statusCode()).isEqualTo(404);
    assertThat(api.upload(id, new byte[] {1}).statusCode()).isEqualTo(404);
  }

  @Test
  void keepsAProtectedImage() throws Exception {
    var id = api.create(new JsonObject().put("protected", true));

    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(403);
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
  }

  @ParameterizedTest
  @CsvSource({"GET,''", "DELETE,''", "GET,/tasks", "GET,/file"})
  void knowsNoImageByAnIdThatIsNone(String method, String rest) throws Exception {
    assertThat(api.call(method, "/v2/images/not-an-id" + rest).statusCode()).isEqualTo(404);
  }
}
