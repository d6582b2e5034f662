package io.vitrine.api.images;

import static io.vitrine.api.images.ServerOfLocations.DATA;
import static io.vitrine.api.images.ServerOfLocations.at;
import static io.vitrine.api.images.ServerOfLocations.hash;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.testing.TestingSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Patches of the locations of images. */
@ExtendWith(ServerOfLocations.class)
class LocationPatchesWireTest {
  private final ServerOfLocations.Running server;
  private final TestingSource source;
  private final TestingApi api;

  LocationPatchesWireTest(ServerOfLocations.Running server) {
    this.server = server;
    this.source = server.source();
    this.api = server.api();
  }

  private static JsonObject operation(String name, String path, Object value) {
    return new JsonObject().put("op", name).put("path", path).put("value", value);
  }

  private static JsonObject remove(String path) {
    return new JsonObject().put("op", "remove").put("path", path);
  }

  private static JsonObject location(String url) {
    return at(url).put("metadata", new JsonObject().put("note", "mine").putNull("none"));
  }

  @Test
  void makesAnImageActiveByItsFirstLocation() throws Exception {
    var id = api.create();
    var url = source.serve(DATA);
    var validation =
        new JsonObject()
            .put("os_hash_algo", "sha512")
            .put("os_hash_value", hash("SHA-512").toUpperCase(Locale.ROOT))
            .put("checksum", hash("MD5").toUpperCase(Locale.ROOT));

    var answer =
        api.patch(
            id,
            new JsonArray()
                .add(operation("add", "/name", "located"))
                .add(
                    operation(
                        "add", "/locations/-", location(url).put("validation_data", validation))));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    var image = new JsonObject(answer.body());
    assertThat(image.getString("status")).isEqualTo("active");
    assertThat(image.getString("name")).isEqualTo("located");
    assertThat(image.getLong("size")).isEqualTo(DATA.length);
    assertThat(image.getString("checksum")).isEqualTo(hash("MD5"));
    assertThat(image.getString("os_hash_value")).isEqualTo(hash("SHA-512"));
    assertThat(image.getJsonArray("locations"))
        .containsExactly(
            at(url).put("metadata", new JsonObject().put("note", "mine").put("store", "web")));
    assertThat(Arrays.equals(api.download(id).body(), DATA)).isTrue();
  }

  @Test
  void tellsTheAuditTrailHowManyLocationsChanged() throws Exception {
    var id = api.create();
    var one = source.serve(DATA);
    var two = source.serve(DATA);
    for (var url : List.of(one, two)) {
      var added =
          api.patch(id, new JsonArray().add(operation("add", "/locations/-", location(url))));
      assertThat(added.statusCode()).as(added.body()).isEqualTo(200);
    }
    var removed = api.patch(id, new JsonArray().add(remove("/locations/1")));
    assertThat(removed.statusCode()).as(removed.body()).isEqualTo(200);

    var answer = api.call("GET", "/vitrine/v1/images/" + id + "/audit");

    assertThat(answer.body()).doesNotContain(one).doesNotContain(two);
    assertThat(new JsonObject(answer.body()).getJsonArray("records"))
        .extracting(record -> ((JsonObject) record).getString("action"))
        .containsExactly("location_remove", "location_add", "location_add", "create");
  }

  @Test
  void changesLocationsByItsRules() throws Exception {
    var url = source.serve(DATA);
    var queued = api.create();
    var id = api.create(DATA);
    var wrong = new JsonObject().put("os_hash_algo", "md5").put("os_hash_value", hash("MD5"));

    assertThat(server.patch(queued, remove("/locations/0"))).isEqualTo(409);
    assertThat(server.patch(id, remove("/locations/0"))).isEqualTo(403);
    assertThat(server.patch(id, operation("replace", "/locations", new JsonArray())))
        .isEqualTo(403);
    assertThat(
            server.patch(
                id, operation("replace", "/locations", new JsonArray().add(location(url)))))
        .isEqualTo(400);
    assertThat(server.patch(id, operation("add", "/locations/-", location("file:///etc/passwd"))))
        .isEqualTo(400);
    assertThat(server.patch(id, operation("add", "/locations/-", location("file:///a b"))))
        .isEqualTo(400);
    assertThat(server.patch(id, operation("add", "/locations/-", location("swift+config://x"))))
        .isEqualTo(400);
    assertThat(server.patch(queued, operation("replace", "/locations", new JsonArray())))
        .isEqualTo(403);
    assertThat(
            server.patch(
                queued,
                operation("add", "/locations/-", location(url).put("validation_data", wrong))))
        .isEqualTo(409);
    assertThat(server.patch(id, operation("add", "/locations/9", location(url)))).isEqualTo(200);
    assertThat(server.patch(id, operation("add", "/locations/-", location(url)))).isEqualTo(400);
    assertThat(api.image(id).getString("stores")).isEqualTo("local,web");
    assertThat(server.patch(id, remove("/locations/2"))).isEqualTo(400);
    assertThat(server.patch(id, remove("/locations/-"))).isEqualTo(200);
    assertThat(api.image(id).getString("stores")).isEqualTo("local");
    assertThat(server.patch(id, operation("add", "/locations/-", location(url)))).isEqualTo(200);
    assertThat(server.patch(id, remove("/locations/0"))).isEqualTo(200);

    assertThat(api.image(id).getString("stores")).isEqualTo("web");
    assertThat(api.image(queued).getString("status")).isEqualTo("queued");
  }

  private static JsonObject inStrict(String url) {
    return at(url).put("metadata", new JsonObject().put("store", "strict"));
  }

  @Test
  void comparesLengthsOnlyWhereThatIsAskedFor() throws Exception {
    var id = api.create(DATA);
    var longer = source.serve(Arrays.copyOf(DATA, DATA.length + 1));

    assertThat(server.patch(id, operation("add", "/locations/-", inStrict(longer)))).isEqualTo(400);
    assertThat(server.patch(id, operation("add", "/locations/-", location(longer)))).isEqualTo(200);
    assertThat(api.image(id).getString("stores")).isEqualTo("local,web");
    assertThat(api.image(id).getLong("size")).isEqualTo(DATA.length);
  }

  @Test
  void putsLocationsIntoTheStoreThatTheyName() throws Exception {
    var id = api.create();
    var elsewhere = inStrict("http://mirror.example/image");
    var named = inStrict(source.serve(DATA));

    assertThat(server.patch(id, operation("add", "/locations/-", elsewhere))).isEqualTo(400);
    assertThat(server.patch(id, operation("add", "/locations/-", named))).isEqualTo(200);

    assertThat(api.image(id).getString("stores")).isEqualTo("strict");
    assertThat(Arrays.equals(api.download(id).body(), DATA)).isTrue();
    assertThat(server.patch(id, operation("add", "/locations/-", location(source.serve(DATA)))))
        .isEqualTo(200);
    assertThat(api.image(id).getString("stores")).isEqualTo("strict,web");
  }

  private static JsonObject noted(String url, String note) {
    return at(url).put("metadata", new JsonObject().put("note", note));
  }

  private List<String> notes(String id) throws Exception {
    return api.image(id).getJsonArray("locations").stream()
        .map(it -> ((JsonObject) it).getJsonObject("metadata").getString("note"))
        .toList();
  }

  @Test
  void tellsLocationsWithOneUrlApartByTheirMetadata() throws Exception {
    var url = source.serve(DATA);
    var id = api.create();

    assertThat(server.patch(id, operation("add", "/locations/-", noted(url, "a")))).isEqualTo(200);
    assertThat(server.patch(id, operation("add", "/locations/-", noted(url, "b")))).isEqualTo(200);
    assertThat(server.patch(id, operation("add", "/locations/-", noted(url, "a")))).isEqualTo(400);
    assertThat(notes(id)).containsExactly("a", "b");

    var others = new JsonArray().add(noted(url, "c")).add(noted(url, "d"));
    var equal = new JsonArray().add(noted(url, "c")).add(noted(url, "c"));
    assertThat(server.patch(id, operation("replace", "/locations", equal))).isEqualTo(400);
    assertThat(server.patch(id, operation("replace", "/locations", others))).isEqualTo(200);
    assertThat(notes(id)).containsExactly("c", "d");

    assertThat(server.patch(id, remove("/locations/0"))).isEqualTo(200);
    assertThat(notes(id)).containsExactly("d");
    assertThat(api.download(id).body()).isEqualTo(DATA);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "{}",
        "{\"url\": \"%s\"}",
        "{\"url\": 1, \"metadata\": {}}",
        "{\"url\": \"%s\", \"metadata\": {}, \"validation_data\": {}}",
        "{\"url\": \"%s\", \"metadata\": {}, \"validation_data\": {\"os_hash_algo\": \"sha512\"}}",
        "{\"url\": \"%s\", \"metadata\": {}, \"validation_data\": {\"checksum\": \"1\"}}"
      })
  void addsNoLocationThatIsNotAsItsSchemaSays(String location) throws Exception {
    var id = api.create();
    var value = Json.decodeValue(location.formatted(source.serve(DATA)));

    assertThat(server.patch(id, operation("add", "/locations/-", value))).isEqualTo(400);

    assertThat(api.image(id).getString("status")).isEqualTo("queued");
  }
}
