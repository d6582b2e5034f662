package io.vitrine.api.metadefs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TestingMetadefs.class)
class MetadefDefinitionsWireTest {
  private static final String SPACE = "/v2/metadefs/namespaces/space";
  private static final JsonObject PROPERTY =
      new JsonObject()
          .put("name", "cores")
          .put("title", "Cores")
          .put("type", "integer")
          .put("default", "4")
          .put("operators", new JsonArray().add("<or>"));

  private final TestingApi api;

  MetadefDefinitionsWireTest(TestingApi api) {
    this.api = api;
  }

  @BeforeEach
  void createNamespace() throws Exception {
    post("/v2/metadefs/namespaces", new JsonObject().put("namespace", "space"));
  }

  @Test
  void associatesResourceTypes() throws Exception {
    var association = new JsonObject().put("name", "OS::Nova::Server").put("prefix", "hw:");
    var path = SPACE + "/resource_types";

    var added = post(path, association.copy().put("properties_target", "image"));

    var listed = get(path).getJsonArray("resource_type_associations");
    assertThat(added.getString("prefix")).isEqualTo("hw:");
    assertThat(added.getString("properties_target")).isEqualTo("image");
    assertThat(added.getString("updated_at")).isNotEmpty();
    assertThat(listed).containsExactly(added);
    assertThat(api.post(path, association).statusCode()).isEqualTo(409);
    assertThat(api.call("DELETE", path + "/OS::Nova::Server").statusCode()).isEqualTo(204);
    assertThat(api.call("DELETE", path + "/OS::Nova::Server").statusCode()).isEqualTo(404);
    assertThat(get(path).getJsonArray("resource_type_associations")).isEmpty();
  }

  @Test
  void remembersResourceTypesThatWereAssociated() throws Exception {
    post(SPACE + "/resource_types", new JsonObject().put("name", "b"));
    post(SPACE + "/resource_types", new JsonObject().put("name", "a"));

    api.call("DELETE", SPACE);

    var types = get("/v2/metadefs/resource_types").getJsonArray("resource_types");
    assertThat(types).map(type -> ((JsonObject) type).getString("name")).containsExactly("a", "b");
    assertThat(types.getJsonObject(0).fieldNames())
        .containsExactly("name", "created_at", "updated_at");
  }

  @Test
  void definesProperties() throws Exception {
    var path = SPACE + "/properties";
    var other = PROPERTY.copy().put("name", "threads").put("title", "Threads");

    var added = post(path, PROPERTY);
    var replaced = put(path + "/cores", other);

    assertThat(added).isEqualTo(PROPERTY);
    assertThat(new JsonObject(replaced.body())).isEqualTo(other);
    assertThat(get(path + "/threads")).isEqualTo(other);
    assertThat(get(path).getJsonObject("properties"))
        .isEqualTo(new JsonObject().put("threads", other));
    assertThat(get(SPACE).getJsonObject("properties"))
        .isEqualTo(new JsonObject().put("threads", other));
    assertThat(api.call("GET", path + "/cores").statusCode()).isEqualTo(404);
    assertThat(api.call("DELETE", path + "/threads").statusCode()).isEqualTo(204);
    assertThat(api.call("DELETE", path + "/threads").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "4,4",
        "1.5,1.5",
        "1e10,10000000000.0",
        "true,True",
        "false,False",
        "'\"text\"',text",
        "'[1]',null",
        "'{}',null"
      })
  void tellsDefaultsAsText(String given, @Nullable String told) throws Exception {
    var shape =
        new JsonObject(
            "{\"title\": \"P\", \"type\": \"string\", \"default\": %s}".formatted(given));
    var shapes = new JsonObject().put("p", shape);

    var property = post(SPACE + "/properties", shape.copy().put("name", "p"));
    var object =
        post(SPACE + "/objects", new JsonObject().put("name", "o").put("properties", shapes));
    var nested =
        post(
            "/v2/metadefs/namespaces",
            new JsonObject()
                .put("namespace", "nested")
                .put("properties", shapes)
                .put(
                    "objects",
                    new JsonArray()
                        .add(new JsonObject().put("name", "o").put("properties", shapes))));

    assertThat(property.fieldNames()).contains("default");
    for (var shown :
        List.of(
            property,
            get(SPACE + "/properties/p"),
            get(SPACE + "/properties").getJsonObject("properties").getJsonObject("p"),
            object.getJsonObject("properties").getJsonObject("p"),
            get(SPACE + "/objects/o").getJsonObject("properties").getJsonObject("p"),
            nested.getJsonObject("properties").getJsonObject("p"),
            ofFirstObject(nested),
            ofFirstObject(get("/v2/metadefs/namespaces/nested")))) {
      assertThat(shown.getValue("default")).isEqualTo(told);
    }
  }

  private static JsonObject ofFirstObject(JsonObject namespace) {
    return namespace
        .getJsonArray("objects")
        .getJsonObject(0)
        .getJsonObject("properties")
        .getJsonObject("p");
  }

  @Test
  void namesAPropertyInItsEntryWhereItWasNamed() throws Exception {
    var shape = new JsonObject().put("title", "P").put("type", "string");
    post(
        "/v2/metadefs/namespaces",
        new JsonObject()
            .put("namespace", "nested")
            .put("properties", new JsonObject().put("p", shape)));
    post("/v2/metadefs/namespaces/nested/properties", shape.copy().put("name", "q"));

    var entries = get("/v2/metadefs/namespaces/nested/properties").getJsonObject("properties");

    assertThat(entries.getJsonObject("p")).isEqualTo(shape);
    assertThat(entries.getJsonObject("q")).isEqualTo(shape.copy().put("name", "q"));
    assertThat(get("/v2/metadefs/namespaces/nested/properties/p").getString("name")).isEqualTo("p");
  }

  @Test
  void findsPropertiesUnderThePrefixOfAResourceType() throws Exception {
    post(SPACE + "/properties", PROPERTY);
    post(SPACE + "/resource_types", new JsonObject().put("name", "server").put("prefix", "hw:"));
    post(SPACE + "/resource_types", new JsonObject().put("name", "volume"));
    var path = SPACE + "/properties/";

    assertThat(get(path + "hw:cores?resource_type=server").getString("name")).isEqualTo("cores");
    for (var wrong :
        List.of(
            "cores?resource_type=server",
            "cores?resource_type=volume",
            "hw:cores?resource_type=other",
            "hw:cores")) {
      assertThat(api.call("GET", path + wrong).statusCode()).as(wrong).isEqualTo(404);
    }
  }

  @Test
  void definesObjects() throws Exception {
    var path = SPACE + "/objects";
    var hue = new JsonObject().put("hue", new JsonObject().put("title", "H").put("type", "string"));

    var added =
        post(
            path,
            new JsonObject()
                .put("name", "colour")
                .put("required", new JsonArray().add("hue"))
                .put("properties", hue));
    var replaced = put(path + "/colour", new JsonObject().put("name", "paint"));

    var paint = new JsonObject(replaced.body());
    assertThat(added.getJsonObject("properties")).isEqualTo(hue);
    assertThat(added.getString("self")).isEqualTo(SPACE + "/objects/colour");
    assertThat(added.getString("schema")).isEqualTo("/v2/schemas/metadefs/object");
    var stored = paint.copy().put("required", new JsonArray()).put("properties", new JsonObject());
    assertThat(paint.fieldNames()).doesNotContain("properties", "required");
    assertThat(paint.getString("created_at")).isEqualTo(added.getString("created_at"));
    assertThat(get(path + "/paint")).isEqualTo(stored);
    assertThat(get(SPACE).getJsonArray("objects")).containsExactly(stored);
    assertThat(get(path))
        .isEqualTo(
            new JsonObject()
                .put("objects", new JsonArray().add(stored))
                .put("schema", "v2/schemas/metadefs/objects"));
    assertThat(api.call("DELETE", path + "/paint").statusCode()).isEqualTo(204);
    assertThat(api.call("GET", path + "/paint").statusCode()).isEqualTo(404);
  }

  @Test
  void definesTagsOneByOne() throws Exception {
    var added = api.call("POST", SPACE + "/tags/old");
    var again = api.call("POST", SPACE + "/tags/old");
    var renamed = put(SPACE + "/tags/old", new JsonObject().put("name", "new"));

    assertThat(added.statusCode()).isEqualTo(201);
    assertThat(new JsonObject(added.body()).fieldNames())
        .containsExactly("name", "created_at", "updated_at");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(new JsonObject(renamed.body()).getString("name")).isEqualTo("new");
    assertThat(get(SPACE + "/tags/new").getString("name")).isEqualTo("new");
    assertThat(api.call("GET", SPACE + "/tags/old").statusCode()).isEqualTo(404);
    assertThat(api.call("DELETE", SPACE + "/tags/new").statusCode()).isEqualTo(204);
    assertThat(api.call("POST", SPACE + "/tags/" + "x".repeat(81)).statusCode()).isEqualTo(400);
  }

  @Test
  void definesTagsTogether() throws Exception {
    var path = SPACE + "/tags";

    var replaced = post(path, tags("a", "b"));
    var all = post(path, tags("c", "d"));
    var appended =
        api.send(
            "POST",
            path,
            BodyPublishers.ofString(tags("e").encode()),
            "X-Openstack-Append",
            "True");
    var taken =
        api.send(
            "POST",
            path,
            BodyPublishers.ofString(tags("f", "c").encode()),
            "X-Openstack-Append",
            "true");
    var twice = api.post(path, tags("x", "x"));
    var none = post(path, tags());

    assertThat(replaced).isEqualTo(tags("a", "b"));
    assertThat(all).isEqualTo(tags("c", "d"));
    assertThat(new JsonObject(appended.body())).isEqualTo(tags("e"));
    assertThat(taken.statusCode()).isEqualTo(409);
    assertThat(twice.statusCode()).isEqualTo(409);
    assertThat(none).isEqualTo(tags());
    assertThat(get(path + "?sort_key=name&sort_dir=asc")).isEqualTo(tags("c", "d", "e"));
  }

  @Test
  void pagesThroughTags() throws Exception {
    post(SPACE + "/tags", tags("a", "b", "c"));

    assertThat(get(SPACE + "/tags")).isEqualTo(tags("c", "b", "a"));
    assertThat(get(SPACE + "/tags?limit=2")).isEqualTo(tags("c", "b"));
    assertThat(get(SPACE + "/tags?limit=2&marker=b")).isEqualTo(tags("a"));
    assertThat(get(SPACE + "/tags?limit=0")).isEqualTo(tags());
    assertThat(get(SPACE + "/tags?sort_dir=asc&marker=b")).isEqualTo(tags("c"));
    assertThat(get(SPACE + "/tags?sort_key=name&marker=b")).isEqualTo(tags("a"));
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
    post(SPACE + "/properties", PROPERTY);
    post(SPACE + "/objects", new JsonObject().put("name", "colour"));
    post(SPACE + "/tags", tags("a"));

    var answer = api.call("DELETE", SPACE + "/" + collection);

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(get(SPACE).containsKey(collection)).isFalse();
    assertThat(
            get(SPACE).fieldNames().stream()
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
    post(SPACE + "/properties", PROPERTY);
    post(SPACE + "/properties", PROPERTY.copy().put("name", "other"));
    post(SPACE + "/tags", tags("a", "b"));

    assertThat(api.post(SPACE + "/properties", PROPERTY).statusCode()).isEqualTo(409);
    assertThat(put(SPACE + "/properties/other", PROPERTY).statusCode()).isEqualTo(409);
    assertThat(put(SPACE + "/tags/a", new JsonObject().put("name", "b")).statusCode())
        .isEqualTo(409);
  }

  @Test
  void letsKindsShareAName() throws Exception {
    post(SPACE + "/properties", PROPERTY);
    post(SPACE + "/objects", new JsonObject().put("name", "cores"));
    post(SPACE + "/tags", tags("cores"));

    assertThat(api.call("DELETE", SPACE + "/objects/cores").statusCode()).isEqualTo(204);
    assertThat(api.call("GET", SPACE + "/properties/cores").statusCode()).isEqualTo(200);
    assertThat(api.call("GET", SPACE + "/tags/cores").statusCode()).isEqualTo(200);
  }

  @Test
  void keepsWhatAProtectedNamespaceDefines() throws Exception {
    post(SPACE + "/properties", PROPERTY);
    post(SPACE + "/objects", new JsonObject().put("name", "colour"));
    post(SPACE + "/tags", tags("a"));
    post(SPACE + "/resource_types", new JsonObject().put("name", "server"));
    put(SPACE, new JsonObject().put("namespace", "space").put("protected", true));

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
    assertThat(put(SPACE + "/properties/cores", PROPERTY).statusCode()).isEqualTo(200);
    assertThat(api.call("POST", SPACE + "/tags/b").statusCode()).isEqualTo(201);
    assertThat(api.call("DELETE", SPACE + "/tags/absent").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/properties/cores", "/objects/cores", "/tags/cores"})
  void renamesWhatAProtectedNamespaceDefines(String path) throws Exception {
    var bare = new JsonObject().put("name", "cores");
    post(SPACE + "/properties", PROPERTY);
    post(SPACE + "/objects", bare);
    post(SPACE + "/tags", tags("cores"));
    var named = path.startsWith("/properties") ? PROPERTY : bare;
    put(SPACE, new JsonObject().put("namespace", "space").put("protected", true));

    var renamed = put(SPACE + path, named.copy().put("name", "threads"));

    assertThat(renamed.statusCode()).as(renamed.body()).isEqualTo(200);
    assertThat(get(SPACE + path.replace("cores", "threads")).getString("name"))
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

  private JsonObject post(String path, JsonObject body) throws Exception {
    var answer = api.post(path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return new JsonObject(answer.body());
  }

  private HttpResponse<String> put(String path, JsonObject body) throws Exception {
    return api.send("PUT", path, BodyPublishers.ofString(body.encode()));
  }

  private JsonObject get(String path) throws Exception {
    var answer = api.call("GET", path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  private static JsonObject tags(String... names) {
    var tags = new JsonArray();
    List.of(names).forEach(name -> tags.add(new JsonObject().put("name", name)));
    return new JsonObject().put("tags", tags);
  }
}
