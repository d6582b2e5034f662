package io.vitrine.api.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of images, in both dialects of JSON patch. */
@ExtendWith(SharedServer.class)
class ImagePatchesWireTest {
  private final TestingApi api;

  ImagePatchesWireTest(TestingServer server) {
    this.api = new TestingApi(server.port());
  }

  @Test
  void appliesAPatchWhole() throws Exception {
    var id = api.create(new JsonObject().put("old", "1").put("a/b", "2"));

    var answer =
        api.patch(
            id,
            new JsonArray()
                .add(operation("replace", "/name").put("value", "new"))
                .add(operation("add", "/os_distro").put("value", "debian"))
                .add(operation("add", "/tags").put("value", new JsonArray().add("x")))
                .add(operation("replace", "/a~1b").put("value", "3"))
                .add(operation("remove", "/old")));

    var image = new JsonObject(answer.body());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(image.getString("name")).isEqualTo("new");
    assertThat(image.getString("os_distro")).isEqualTo("debian");
    assertThat(image.getString("a/b")).isEqualTo("3");
    assertThat(image.getJsonArray("tags")).containsExactly("x");
    assertThat(image.containsKey("old")).isFalse();
    assertThat(api.image(id)).isEqualTo(image);
  }

  @Test
  void changesNothingWhenOneOfTheChangesIsRefused() throws Exception {
    var id = api.create();
    var before = api.image(id);

    var answer =
        api.patch(
            id,
            new JsonArray()
                .add(operation("replace", "/name").put("value", "new"))
                .add(operation("remove", "/absent")));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(api.image(id)).isEqualTo(before);
  }

  static Stream<String[]> refusedPatches() {
    return Stream.of(
        new String[] {"400", "{}"},
        new String[] {"400", ""},
        new String[] {"400", "[1]"},
        new String[] {"400", "[{\"path\": \"/name\", \"value\": \"x\"}]"},
        new String[] {"400", "[{\"op\": \"test\", \"path\": \"/name\", \"value\": \"x\"}]"},
        new String[] {"400", "[{\"op\": \"add\", \"value\": \"x\"}]"},
        new String[] {"400", "[{\"op\": \"add\", \"path\": \"/name\"}]"},
        new String[] {"400", "[{\"op\": \"add\", \"path\": \"name\", \"value\": \"x\"}]"},
        new String[] {"400", "[{\"op\": \"add\", \"path\": \"/name/\", \"value\": \"x\"}]"},
        new String[] {"400", "[{\"op\": \"add\", \"path\": \"/a/b\", \"value\": \"x\"}]"},
        new String[] {"400", "[{\"op\": \"add\", \"path\": \"/a~2\", \"value\": \"x\"}]"},
        new String[] {"400", "[{\"op\": \"replace\", \"path\": \"/name\", \"value\": 1}]"},
        new String[] {"403", "[{\"op\": \"replace\", \"path\": \"/status\", \"value\": \"x\"}]"},
        new String[] {"403", "[{\"op\": \"replace\", \"path\": \"/id\", \"value\": \"x\"}]"},
        new String[] {"403", "[{\"op\": \"add\", \"path\": \"/os_glance_x\", \"value\": \"x\"}]"},
        new String[] {"403", "[{\"op\": \"add\", \"path\": \"/locations\", \"value\": []}]"},
        new String[] {"403", "[{\"op\": \"remove\", \"path\": \"/name\"}]"},
        new String[] {"409", "[{\"op\": \"replace\", \"path\": \"/absent\", \"value\": \"x\"}]"},
        new String[] {"409", "[{\"op\": \"remove\", \"path\": \"/absent\"}]"});
  }

  @ParameterizedTest
  @MethodSource("refusedPatches")
  void refusesToPatch(String status, String body) throws Exception {
    var id = api.create();

    var answer =
        api.send(
            "PATCH",
            "/v2/images/" + id,
            BodyPublishers.ofString(body),
            "Content-Type",
            TestingApi.PATCH_TYPE);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(Integer.parseInt(status));
  }

  @Test
  void readsTheOlderDialectOfPatchesToo() throws Exception {
    var id = api.create(new JsonObject().put("mark", "x"));
    var type = "application/openstack-images-v2.0-json-patch";
    var path = "/v2/images/" + id;

    var replaced =
        api.send(
            "PATCH",
            path,
            BodyPublishers.ofString("[{\"replace\": \"/name\", \"value\": \"new\"}]"),
            "Content-Type",
            type);
    var existing =
        api.send(
            "PATCH",
            path,
            BodyPublishers.ofString("[{\"add\": \"/mark\", \"value\": \"y\"}]"),
            "Content-Type",
            type);
    var ambiguous =
        api.send(
            "PATCH",
            path,
            BodyPublishers.ofString("[{\"add\": \"/a\", \"remove\": \"/a\", \"value\": \"y\"}]"),
            "Content-Type",
            type);

    assertThat(new JsonObject(replaced.body()).getString("name")).isEqualTo("new");
    assertThat(existing.statusCode()).isEqualTo(409);
    assertThat(ambiguous.statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/json-patch+json", "text/plain"})
  void saysWhichPatchesItTakes(String type) throws Exception {
    var id = api.create();

    var answer =
        api.send("PATCH", "/v2/images/" + id, BodyPublishers.ofString("[]"), "Content-Type", type);

    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(answer.headers().firstValue("Accept-Patch").orElseThrow())
        .contains(TestingApi.PATCH_TYPE, "application/openstack-images-v2.0-json-patch");
  }

  @Test
  void keepsTheFormatsOfAnImageThatHasData() throws Exception {
    var id = api.create(new byte[] {1});

    var answer =
        api.patch(
            id, new JsonArray().add(operation("replace", "/disk_format").put("value", "iso")));

    assertThat(answer.statusCode()).isEqualTo(403);
  }

  private static JsonObject operation(String operation, String path) {
    return new JsonObject().put("op", operation).put("path", path);
  }
}
