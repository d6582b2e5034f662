package io.vitrine.api.metadefs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TestingMetadefs.class)
class MetadefNamespacesWireTest {
  private static final String ALL = "/v2/metadefs/namespaces";
  private static final String NESTED =
      """
      {"namespace": "OS::Compute::Shape", "display_name": "Shape", "visibility": "public",
       "resource_type_associations": [{"name": "OS::Nova::Server", "prefix": "hw:"}, {"name": "OS::Glance::Image"}],
       "properties": {"sides": {"title": "Sides", "type": "integer", "minimum": 3, "enum": [3, 4]}},
       "objects": [{"name": "Colour", "required": ["hue"],
         "properties": {"hue": {"title": "Hue", "type": "string"}}}],
       "tags": [{"name": "round"}, {"name": "flat"}]}
      """;

  private final TestingApi api;

  MetadefNamespacesWireTest(TestingApi api) {
    this.api = api;
  }

  @Test
  void createsANamespaceWithDefaults() throws Exception {
    var answer = api.post(ALL, new JsonObject().put("namespace", "plain"));

    var namespace = new JsonObject(answer.body());
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.headers().firstValue("Location").orElseThrow())
        .matches("http://127\\.0\\.0\\.1:\\d+/v2/metadefs/namespaces/plain");
    assertThat(namespace.remove("created_at")).asString().matches("....-..-..T..:..:..Z");
    assertThat(namespace.remove("updated_at")).asString().matches("....-..-..T..:..:..Z");
    assertThat(namespace)
        .isEqualTo(
            new JsonObject()
                .put("namespace", "plain")
                .put("visibility", "private")
                .put("protected", false)
                .put("owner", "admin")
                .put("self", ALL + "/plain")
                .put("schema", "/v2/schemas/metadefs/namespace"));
  }

  @Test
  void createsANamespaceWithAllThatItDefines() throws Exception {
    var created = api.post(ALL, NESTED);

    var shown = get(ALL + "/OS::Compute::Shape");
    var object = shown.getJsonArray("objects").getJsonObject(0);
    var association = shown.getJsonArray("resource_type_associations").getJsonObject(0);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    assertThat(new JsonObject(created.body()).getJsonObject("properties").fieldNames())
        .containsExactly("sides");
    assertThat(shown.getJsonObject("properties"))
        .isEqualTo(new JsonObject(NESTED).getJsonObject("properties"));
    assertThat(shown.getJsonArray("tags")).isEqualTo(new JsonObject(NESTED).getJsonArray("tags"));
    assertThat(object.getString("self")).isEqualTo(ALL + "/OS::Compute::Shape/objects/Colour");
    assertThat(object.getString("schema")).isEqualTo("/v2/schemas/metadefs/object");
    assertThat(object.getJsonArray("required")).containsExactly("hue");
    assertThat(association.getString("prefix")).isEqualTo("hw:");
    assertThat(association.getString("created_at")).isNotEmpty();
  }

  @Test
  void namesPropertiesAsOnAResourceType() throws Exception {
    api.post(ALL, NESTED);

    var prefixed = get(ALL + "/OS::Compute::Shape?resource_type=OS::Nova::Server");
    var unprefixed = get(ALL + "/OS::Compute::Shape?resource_type=OS::Glance::Image");
    var unknown = get(ALL + "/OS::Compute::Shape?resource_type=other");

    var object = prefixed.getJsonArray("objects").getJsonObject(0);
    assertThat(prefixed.getJsonObject("properties").fieldNames()).containsExactly("hw:sides");
    assertThat(object.getJsonObject("properties").fieldNames()).containsExactly("hw:hue");
    assertThat(object.getJsonArray("required")).containsExactly("hw:hue");
    assertThat(unprefixed.getJsonObject("properties").fieldNames()).containsExactly("sides");
    assertThat(unknown.getJsonObject("properties").fieldNames()).containsExactly("sides");
  }

  @Test
  void putsPrefixesBeforeNamesHoweverLongTheyBecome() throws Exception {
    var prefix = "p".repeat(80);
    var name = "n".repeat(80);
    var shape = new JsonObject().put("title", "Long").put("type", "string");
    create(
        "long",
        new JsonObject()
            .put(
                "resource_type_associations",
                new JsonArray().add(new JsonObject().put("name", "server").put("prefix", prefix)))
            .put("properties", new JsonObject().put(name, shape)));

    var prefixed = get(ALL + "/long?resource_type=server");

    assertThat(prefixed.getJsonObject("properties").fieldNames()).containsExactly(prefix + name);
  }

  @Test
  void createsNothingWhenAPartIsRefused() throws Exception {
    var twice =
        new JsonArray()
            .add(new JsonObject().put("name", "a"))
            .add(new JsonObject().put("name", "a"));

    var duplicate = api.post(ALL, new JsonObject().put("namespace", "half").put("tags", twice));
    var nameless =
        api.post(
            ALL,
            new JsonObject()
                .put("namespace", "half")
                .put("objects", new JsonArray().add(new JsonObject().put("description", "x"))));

    assertThat(duplicate.statusCode()).isEqualTo(409);
    assertThat(nameless.statusCode()).isEqualTo(400);
    assertThat(api.call("GET", ALL + "/half").statusCode()).isEqualTo(404);
  }

  @Test
  void refusesANameThatIsTaken() throws Exception {
    create("one");
    create("two");

    var again = api.post(ALL, new JsonObject().put("namespace", "one"));
    var renamed = put(ALL + "/two", new JsonObject().put("namespace", "one"));

    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(renamed.statusCode()).isEqualTo(409);
    assertThat(get(ALL + "/two").getString("namespace")).isEqualTo("two");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400|''",
        "400|x",
        "400|[]",
        "400|{}",
        "400|{\"namespace\": 1}",
        "400|{\"namespace\": \"\"}",
        "400|{\"namespace\": \"a\\u0000b\"}",
        "400|{\"namespace\": \"n\", \"colour\": \"red\"}",
        "400|{\"namespace\": \"n\", \"visibility\": \"shared\"}",
        "400|{\"namespace\": \"n\", \"protected\": \"yes\"}",
        "400|{\"namespace\": \"n\", \"properties\": {\"p\": {\"type\": \"string\"}}}",
        "400|{\"namespace\": \"n\", \"properties\": {\"p\": {\"title\": \"P\", \"type\":"
            + " \"text\"}}}",
        "400|{\"namespace\": \"n\", \"tags\": [{}]}",
        "403|{\"namespace\": \"n\", \"self\": \"x\"}",
        "403|{\"namespace\": \"n\", \"schema\": \"x\"}",
        "403|{\"namespace\": \"n\", \"created_at\": \"x\"}",
        "403|{\"namespace\": \"n\", \"updated_at\": \"x\"}"
      })
  void refusesABody(int status, String body) throws Exception {
    create("n0");

    var created = api.send("POST", ALL, BodyPublishers.ofString(body));
    var replaced = api.send("PUT", ALL + "/n0", BodyPublishers.ofString(body));

    assertThat(created.statusCode()).as(created.body()).isEqualTo(status);
    assertThat(replaced.statusCode()).as(replaced.body()).isIn(status, 200);
  }

  @Test
  void limitsTheLengthOfTexts() throws Exception {
    var fits =
        new JsonObject().put("namespace", "n".repeat(80)).put("description", "d".repeat(500));
    var tooLong = new JsonObject().put("namespace", "n".repeat(81));
    var tooMuch = new JsonObject().put("namespace", "n").put("description", "d".repeat(501));

    assertThat(api.post(ALL, fits).statusCode()).isEqualTo(201);
    assertThat(api.post(ALL, tooLong).statusCode()).isEqualTo(400);
    assertThat(api.post(ALL, tooMuch).statusCode()).isEqualTo(400);
  }

  @Test
  void replacesANamespaceWithDefaultsForWhatIsLeftOut() throws Exception {
    create("old", new JsonObject().put("visibility", "public").put("owner", "somebody"));

    var answer =
        put(ALL + "/old", new JsonObject().put("namespace", "new").put("display_name", "New"));

    var namespace = new JsonObject(answer.body());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(namespace.getString("namespace")).isEqualTo("new");
    assertThat(namespace.getString("display_name")).isEqualTo("New");
    assertThat(namespace.getString("visibility")).isEqualTo("private");
    assertThat(namespace.getBoolean("protected")).isFalse();
    assertThat(namespace.getString("owner")).isEqualTo("admin");
    assertThat(get(ALL + "/new")).isEqualTo(namespace);
    assertThat(api.call("GET", ALL + "/old").statusCode()).isEqualTo(404);
  }

  @Test
  void keepsAProtectedNamespaceUntilItIsReleased() throws Exception {
    create("kept", new JsonObject().put("protected", true));

    var refused = api.call("DELETE", ALL + "/kept");
    var renamed =
        put(ALL + "/kept", new JsonObject().put("namespace", "other").put("protected", true));
    var stillRefused = api.call("DELETE", ALL + "/other");
    var released = put(ALL + "/other", new JsonObject().put("namespace", "other"));
    var deleted = api.call("DELETE", ALL + "/other");

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(renamed.statusCode()).isEqualTo(200);
    assertThat(stillRefused.statusCode()).isEqualTo(403);
    assertThat(released.statusCode()).isEqualTo(200);
    assertThat(deleted.statusCode()).isEqualTo(204);
    assertThat(deleted.body()).isEmpty();
    assertThat(api.call("GET", ALL + "/other").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a/b", "ä", "a%b", "a?b", "a\r\nb"})
  void takesAnyName(String name) throws Exception {
    create(name);

    var encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    assertThat(get(ALL + "/" + encoded).getString("namespace")).isEqualTo(name);
  }

  @Test
  void pagesThroughTheList() throws Exception {
    for (var name : List.of("c", "a", "e", "b", "d")) {
      create(name);
    }
    var first = ALL + "?limit=2&sort_key=namespace&sort_dir=asc";

    var seen = new ArrayList<String>();
    for (var link = first; link != null; ) {
      var page = get(link);
      assertThat(page.getString("first")).isEqualTo(first);
      assertThat(page.getString("schema")).isEqualTo("/v2/schemas/metadefs/namespaces");
      seen.addAll(names(page));
      link = page.getString("next");
    }

    assertThat(seen).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void listsTheNewestFirst() throws Exception {
    create("older");
    create("newer", new JsonObject().put("visibility", "public"));

    assertThat(names(get(ALL))).containsExactly("newer", "older");
    assertThat(names(get(ALL + "?sort_dir=asc"))).containsExactly("older", "newer");
    assertThat(names(get(ALL + "?marker=newer"))).containsExactly("older");
    assertThat(names(get(ALL + "?visibility=public"))).containsExactly("newer");
    assertThat(names(get(ALL + "?visibility=private"))).containsExactly("older");
    assertThat(names(get(ALL + "?limit=0"))).isEmpty();
    assertThat(get(ALL + "?limit=0").containsKey("next")).isFalse();
    for (var key : List.of("id", "display_name", "owner", "protected", "updated_at")) {
      assertThat(names(get(ALL + "?sort_key=" + key + "&marker=newer"))).as(key).hasSizeLessThan(2);
    }
  }

  @Test
  void listsByResourceTypes() throws Exception {
    api.post(ALL, NESTED);
    create("none");

    var found = get(ALL + "?resource_types=other,OS::Glance::Image");

    assertThat(names(found)).containsExactly("OS::Compute::Shape");
    assertThat(
            found
                .getJsonArray("namespaces")
                .getJsonObject(0)
                .getJsonArray("resource_type_associations"))
        .hasSize(2);
    assertThat(names(get(ALL + "?resource_types=other"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "400,limit=-1",
    "400,limit=x",
    "400,sort_dir=up",
    "400,sort_key=colour",
    "400,visibility=shared",
    "404,marker=absent"
  })
  void refusesToList(int status, String query) throws Exception {
    assertThat(api.call("GET", ALL + "?" + query).statusCode()).isEqualTo(status);
  }

  @Test
  void knowsItsMethods() throws Exception {
    var answer = api.call("PATCH", ALL + "/any");

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue("DELETE, GET, PUT");
  }

  private void create(String name) throws Exception {
    create(name, new JsonObject());
  }

  private void create(String name, JsonObject namespace) throws Exception {
    var answer = api.post(ALL, namespace.put("namespace", name));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  private HttpResponse<String> put(String path, JsonObject body) throws Exception {
    return api.send("PUT", path, BodyPublishers.ofString(body.encode()));
  }

  private JsonObject get(String path) throws Exception {
    var answer = api.call("GET", path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  private static List<String> names(JsonObject page) {
    return page.getJsonArray("namespaces").stream()
        .map(each -> ((JsonObject) each).getString("namespace"))
        .toList();
  }
}
