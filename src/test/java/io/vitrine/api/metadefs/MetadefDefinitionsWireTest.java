package io.vitrine.api.metadefs;

import static io.vitrine.api.metadefs.NamespaceClient.PROPERTY;
import static io.vitrine.api.metadefs.NamespaceClient.SPACE;
import static io.vitrine.api.metadefs.NamespaceClient.tags;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for definitions of every kind, and for objects. */
@ExtendWith(TestingMetadefs.class)
class MetadefDefinitionsWireTest {
  private final TestingApi api;
  private final NamespaceClient space;

  MetadefDefinitionsWireTest(TestingApi api) {
    this.api = api;
    this.space = new NamespaceClient(api);
  }

  @BeforeEach
  void createNamespace() throws Exception {
    space.create();
  }

  @Test
  void definesObjects() throws Exception {
    var path = SPACE + "/objects";
    var hue = new JsonObject().put("hue", new JsonObject().put("title", "H").put("type", "string"));

    var added =
        space.post(
            path,
            new JsonObject()
                .put("name", "colour")
                .put("required", new JsonArray().add("hue"))
                .put("properties", hue));
    var replaced = space.put(path + "/colour", new JsonObject().put("name", "paint"));

    var paint = new JsonObject(replaced.body());
    assertThat(added.getJsonObject("properties")).isEqualTo(hue);
    assertThat(added.getString("self")).isEqualTo(SPACE + "/objects/colour");
    assertThat(added.getString("schema")).isEqualTo("/v2/schemas/metadefs/object");
    var stored = paint.copy().put("required", new JsonArray()).put("properties", new JsonObject());
    assertThat(paint.fieldNames()).doesNotContain("properties", "required");
    assertThat(paint.getString("created_at")).isEqualTo(added.getString("created_at"));
    assertThat(space.get(path + "/paint")).isEqualTo(stored);
    assertThat(space.get(SPACE).getJsonArray("objects")).containsExactly(stored);
    assertThat(space.get(path))
        .isEqualTo(
            new JsonObject()
                .put("objects", new JsonArray().add(stored))
                .put("schema", "v2/schemas/metadefs/objects"));
    assertThat(api.call("DELETE", path + "/paint").statusCode()).isEqualTo(204);
    assertThat(api.call("GET", path + "/paint").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "400,/tags?limit=x",
    "400,/tags?limit=-1",
    "400,/tags?sort_dir=up",
    "400,/tags?sort_key=colour",
    "404,/tags?marker=absent",
    "400,/objects?limit=0",
    "400,/objects?limit=x",
    "404,/objects?marker=absent"
  })
  void refusesToList(int status, String path) throws Exception {
    assertThat(api.call("GET", SPACE + path).statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"properties", "objects", "tags"})
  void removesAllOfAKind(String collection) throws Exception {
    space.post(SPACE + "/properties", PROPERTY);
    space.post(SPACE + "/objects", new JsonObject().put("name", "colour"));
    space.post(SPACE + "/tags", tags("a"));

    var answer = api.call("DELETE", SPACE + "/" + collection);

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(space.get(SPACE).containsKey(collection)).isFalse();
    assertThat(
            space.get(SPACE).fieldNames().stream()
                .filter(List.of("properties", "objects", "tags")::contains))
        .hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "properties|400|{}",
        "properties|400|{\"name\": \"p\", \"title\": \"P\"}",
        "properties|400|{\"title\": \"P\", \"type\": \"string\"}",
        "properties|400|{\"name\": \"p\", \"title\": \"P\", \"type\": \"text\"}",
        "properties|400|{\"name\": \"p\", \"title\": \"P\", \"type\": \"string\", \"minLength\":"
            + " -1}",
        "properties|400|{\"name\": \"p\", \"title\": \"P\", \"type\": \"string\", \"pattern\":"
            + " \"[\"}",
        "properties|400|{\"name\": \"p\", \"title\": \"P\", \"type\": \"string\", \"colour\":"
            + " \"red\"}",
        "properties|403|{\"created_at\": \"x\"}",
        "objects|400|{}",
        "objects|400|[]",
        "objects|400|{\"name\": \"o\", \"required\": [\"a\", \"a\"]}",
        "objects|400|{\"name\": \"o\", \"properties\": {\"p\": {\"type\": \"string\"}}}",
        "objects|403|{\"self\": \"x\"}",
        "objects|403|{\"schema\": \"x\"}",
        "objects|403|{\"updated_at\": \"x\"}",
        "tags|400|{}",
        "tags|400|{\"tags\": \"a\"}",
        "tags|400|{\"tags\": [{\"name\": \"a\", \"colour\": \"red\"}]}",
        "tags|403|{\"created_at\": \"x\"}",
        "resource_types|400|{}",
        "resource_types|400|{\"name\": \"r\", \"prefix\": 1}",
        "resource_types|403|{\"updated_at\": \"x\"}"
      })
  void refusesABody(String collection, int status, String body) throws Exception {
    var answer = api.send("POST", SPACE + "/" + collection, BodyPublishers.ofString(body));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
  }

  @Test
  void refusesANameThatIsTaken() throws Exception {
    space.post(SPACE + "/properties", PROPERTY);
    space.post(SPACE + "/properties", PROPERTY.copy().put("name", "other"));
    space.post(SPACE + "/tags", tags("a", "b"));

    assertThat(api.post(SPACE + "/properties", PROPERTY).statusCode()).isEqualTo(409);
    assertThat(space.put(SPACE + "/properties/other", PROPERTY).statusCode()).isEqualTo(409);
    assertThat(space.put(SPACE + "/tags/a", new JsonObject().put("name", "b")).statusCode())
        .isEqualTo(409);
  }

  @Test
  void letsKindsShareAName() throws Exception {
    space.post(SPACE + "/properties", PROPERTY);
    space.post(SPACE + "/objects", new JsonObject().put("name", "cores"));
    space.post(SPACE + "/tags", tags("cores"));

    assertThat(api.call("DELETE", SPACE + "/objects/cores").statusCode()).isEqualTo(204);
    assertThat(api.call("GET", SPACE + "/properties/cores").statusCode()).isEqualTo(200);
    assertThat(api.call("GET", SPACE + "/tags/cores").statusCode()).isEqualTo(200);
  }

  @Test
  void keepsWhatAProtectedNamespaceDefines() throws Exception {
    space.post(SPACE + "/properties", PROPERTY);
    space.post(SPACE + "/objects", new JsonObject().put("name", "colour"));
    space.post(SPACE + "/tags", tags("a"));
    space.post(SPACE + "/resource_types", new JsonObject().put("name", "server"));
    space.put(SPACE, new JsonObject().put("namespace", "space").put("protected", true));

    for (var path :
        List.of(
            "/properties/cores",
            "/objects/colour",
            "/tags/a",
            "/resource_types/server",
            "/properties",
            "/objects",
            "/tags")) {
      assertThat(api.call("DELETE", SPACE + path).statusCode()).as(path).isEqualTo(403);
    }
    assertThat(space.put(SPACE + "/properties/cores", PROPERTY).statusCode()).isEqualTo(200);
    assertThat(api.call("POST", SPACE + "/tags/b").statusCode()).isEqualTo(201);
    assertThat(api.call("DELETE", SPACE + "/tags/absent").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/properties/cores", "/objects/cores", "/tags/cores"})
  void renamesWhatAProtectedNamespaceDefines(String path) throws Exception {
    var bare = new JsonObject().put("name", "cores");
    space.post(SPACE + "/properties", PROPERTY);
    space.post(SPACE + "/objects", bare);
    space.post(SPACE + "/tags", tags("cores"));
    var named = path.startsWith("/properties") ? PROPERTY : bare;
    space.put(SPACE, new JsonObject().put("namespace", "space").put("protected", true));

    var renamed = space.put(SPACE + path, named.copy().put("name", "threads"));

    assertThat(renamed.statusCode()).as(renamed.body()).isEqualTo(200);
    assertThat(space.get(SPACE + path.replace("cores", "threads")).getString("name"))
        .isEqualTo("threads");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/resource_types",
    "GET,/properties",
    "GET,/properties/x",
    "DELETE,/properties",
    "DELETE,/properties/x",
    "GET,/objects",
    "GET,/objects/x",
    "DELETE,/objects/x",
    "GET,/tags",
    "GET,/tags/x",
    "POST,/tags/x",
    "DELETE,/tags",
    "DELETE,/tags/x",
    "DELETE,/resource_types/x"
  })
  void findsNothingInANamespaceThatIsNone(String method, String path) throws Exception {
    var answer = api.call(method, "/v2/metadefs/namespaces/absent" + path);

    assertThat(answer.statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "/resource_types,'GET, POST'",
    "/resource_types/x,DELETE",
    "/properties,'DELETE, GET, POST'",
    "/objects/x,'DELETE, GET, PUT'",
    "/tags/x,'DELETE, GET, POST, PUT'"
  })
  void knowsItsMethods(String path, String methods) throws Exception {
    var answer = api.call("PATCH", SPACE + path);

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue(methods);
  }

  @ParameterizedTest
  @CsvSource({"GET,/objects/x", "DELETE,/tags/x", "POST,/tags/x", "DELETE,/resource_types/x"})
  void refusesABodyWhereNoneBelongs(String method, String path) throws Exception {
    var answer = api.send(method, SPACE + path, BodyPublishers.ofString("{}"));

    assertThat(answer.statusCode()).isEqualTo(400);
  }
}
