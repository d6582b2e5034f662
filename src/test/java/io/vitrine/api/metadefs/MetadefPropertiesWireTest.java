package io.vitrine.api.metadefs;

import static io.vitrine.api.metadefs.NamespaceClient.PROPERTY;
import static io.vitrine.api.metadefs.NamespaceClient.SPACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Properties that a namespace defines. */
@ExtendWith(TestingMetadefs.class)
class MetadefPropertiesWireTest {
  private final TestingApi api;
  private final NamespaceClient space;

  MetadefPropertiesWireTest(TestingApi api) {
    this.api = api;
    this.space = new NamespaceClient(api);
  }

  @BeforeEach
  void createNamespace() throws Exception {
    space.create();
  }

  @Test
  void definesProperties() throws Exception {
    var path = SPACE + "/properties";
    var other = PROPERTY.copy().put("name", "threads").put("title", "Threads");

    var added = space.post(path, PROPERTY);
    var replaced = space.put(path + "/cores", other);

    assertThat(added).isEqualTo(PROPERTY);
    assertThat(new JsonObject(replaced.body())).isEqualTo(other);
    assertThat(space.get(path + "/threads")).isEqualTo(other);
    assertThat(space.get(path).getJsonObject("properties"))
        .isEqualTo(new JsonObject().put("threads", other));
    assertThat(space.get(SPACE).getJsonObject("properties"))
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

    var property = space.post(SPACE + "/properties", shape.copy().put("name", "p"));
    var object =
        space.post(SPACE + "/objects", new JsonObject().put("name", "o").put("properties", shapes));
    var nested =
        space.post(
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
            space.get(SPACE + "/properties/p"),
            space.get(SPACE + "/properties").getJsonObject("properties").getJsonObject("p"),
            object.getJsonObject("properties").getJsonObject("p"),
            space.get(SPACE + "/objects/o").getJsonObject("properties").getJsonObject("p"),
            nested.getJsonObject("properties").getJsonObject("p"),
            ofFirstObject(nested),
            ofFirstObject(space.get("/v2/metadefs/namespaces/nested")))) {
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
    space.post(
        "/v2/metadefs/namespaces",
        new JsonObject()
            .put("namespace", "nested")
            .put("properties", new JsonObject().put("p", shape)));
    space.post("/v2/metadefs/namespaces/nested/properties", shape.copy().put("name", "q"));

    var entries =
        space.get("/v2/metadefs/namespaces/nested/properties").getJsonObject("properties");

    assertThat(entries.getJsonObject("p")).isEqualTo(shape);
    assertThat(entries.getJsonObject("q")).isEqualTo(shape.copy().put("name", "q"));
    assertThat(space.get("/v2/metadefs/namespaces/nested/properties/p").getString("name"))
        .isEqualTo("p");
  }
}
