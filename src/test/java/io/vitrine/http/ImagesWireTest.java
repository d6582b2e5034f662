package io.vitrine.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.SharedServer;
import io.vitrine.TestingServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  void leadsThroughAllPages() throws Exception {
    var tag = UUID.randomUUID().toString();
    var other = UUID.randomUUID().toString();
    var wanted = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      wanted.add(
          api.create(
              new JsonObject()
                  .put("name", "image " + i)
                  .put("tags", new JsonArray().add(tag).add(other))));
    }
    api.create(new JsonObject().put("tags", new JsonArray().add(tag)));
    var first = "/v2/images?limit=2&tag=" + tag + "&tag=" + other + "&sort=name%3Aasc";

    var seen = new ArrayList<String>();
    var pages = 0;
    for (var link = first; link != null; pages++) {
      var page = new JsonObject(api.call("GET", link).body());
      for (int i = 0; i < page.getJsonArray("images").size(); i++) {
        seen.add(page.getJsonArray("images").getJsonObject(i).getString("id"));
      }
      assertThat(page.getString("first")).isEqualTo(first);
      assertThat(page.getString("schema")).isEqualTo("/v2/schemas/images");
      link = page.getString("next");
    }

    assertThat(seen).isEqualTo(wanted);
    assertThat(pages).isEqualTo(3);
  }

  @Test
  void givesNoNextLinkToAnEmptyPage() throws Exception {
    api.create();

    var page = new JsonObject(api.call("GET", "/v2/images?limit=0").body());

    assertThat(page.getJsonArray("images")).isEmpty();
    assertThat(page.containsKey("next")).isFalse();
  }

  @Test
  void listsTwentyFiveImagesUnlessAskedOtherwise() throws Exception {
    for (int i = 0; i < 26; i++) {
      api.create();
    }

    var page = new JsonObject(api.call("GET", "/v2/images").body());

    assertThat(page.getJsonArray("images")).hasSize(25);
    assertThat(page.getString("next")).startsWith("/v2/images?marker=");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=-1",
        "limit=x",
        "limit=99999999999999999999",
        "marker=x",
        "marker=00000000-0000-0000-0000-000000000000",
        "sort_key=owner",
        "sort_dir=up",
        "sort_key=name&sort_key=size&sort_key=id&sort_dir=asc&sort_dir=asc",
        "sort=name&sort_key=name",
        "sort=name:up",
        "visibility=secret",
        "member_status=unknown",
        "name=like:x",
        "name=in:%22x",
        "created_at=yesterday",
        "created_at=about:2026-01-01T00:00:00Z",
        "size_min=x",
        "size=x",
        "protected=True",
        "os_hidden=maybe",
        "changes-since=2026-01-01T00:00:00Z"
      })
  void refusesToList(String query) throws Exception {
    var answer = api.call("GET", "/v2/images?" + query);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
  }

  @Test
  void filtersByWhatTheClientAsksFor() throws Exception {
    var mark = UUID.randomUUID().toString();
    var small =
        api.create(
            new JsonObject()
                .put("name", "a,b:c")
                .put("mark", mark)
                .put("min_ram", 1)
                .put("disk_format", "raw"));
    var large =
        api.create(
            new JsonObject()
                .put("name", "plain")
                .put("mark", mark)
                .put("min_ram", 9)
                .put("protected", true));
    var hidden = api.create(new JsonObject().put("mark", mark).put("os_hidden", true));

    assertThat(ids("mark=" + mark)).containsExactly(large, small);
    assertThat(ids("os_hidden=True&mark=" + mark)).containsExactly(hidden);
    assertThat(ids("name=in:%22a,b:c%22,other&mark=" + mark)).containsExactly(small);
    assertThat(ids("name=eq:plain&mark=" + mark)).containsExactly(large);
    assertThat(ids("min_ram_min=2&mark=" + mark)).containsExactly(large);
    assertThat(ids("min_ram_max=2&mark=" + mark)).containsExactly(small);
    assertThat(ids("protected=true&mark=" + mark)).containsExactly(large);
    assertThat(ids("disk_format=raw&status=queued&mark=" + mark)).containsExactly(small);
    assertThat(ids("created_at=gt:2020-01-01T00:00:00Z&mark=" + mark)).hasSize(2);
    assertThat(ids("created_at=lt:2020-01-01T00:00:00Z&mark=" + mark)).isEmpty();
    assertThat(ids("owner=nobody&mark=" + mark)).isEmpty();
    assertThat(ids("id=" + small)).containsExactly(small);
  }

  private List<String> ids(String query) throws Exception {
    var answer = api.call("GET", "/v2/images?" + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body())
        .getJsonArray("images").stream()
            .map(JsonObject.class::cast)
            .map(image -> image.getString("id"))
            .toList();
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

  private static JsonObject operation(String operation, String path) {
    return new JsonObject().put("op", operation).put("path", path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"public", "private", "shared", "community", "all"})
  void listsByVisibilityAndMore(String visibility) throws Exception {
    var answer = api.call("GET", "/v2/images?disk_format=raw&visibility=" + visibility);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }
}
