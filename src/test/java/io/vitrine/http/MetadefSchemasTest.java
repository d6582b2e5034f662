package io.vitrine.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetadefSchemasTest {
  private final Map<String, JsonObject> schemas = MetadefSchemas.served();

  @ParameterizedTest
  @CsvSource({
    "namespace,namespace",
    "namespaces,namespaces",
    "resource_type,resource_type_association",
    "resource_types,resource_type_associations",
    "property,property",
    "properties,properties",
    "object,object",
    "objects,objects",
    "tag,tag",
    "tags,tags"
  })
  void servesEachUnderItsName(String path, String name) {
    assertThat(schemas.get(path).getString("name")).isEqualTo(name);
  }

  @Test
  void servesNoOthers() {
    assertThat(schemas).hasSize(10);
  }

  @Test
  void describesListsByTheirItems() {
    var item = schemas.get("namespace").copy();
    item.remove("definitions");

    var list = schemas.get("namespaces");

    assertThat(list.getJsonObject("properties").getJsonObject("namespaces").getJsonObject("items"))
        .isEqualTo(item);
    assertThat(list.getJsonObject("definitions"))
        .isEqualTo(schemas.get("namespace").getJsonObject("definitions"));
    assertThat(list.getJsonObject("properties").fieldNames())
        .containsExactlyInAnyOrder("namespaces", "first", "next", "schema");
  }

  @Test
  void needsThePropertysNameOnlyWhenItIsAlone() {
    var inList =
        schemas
            .get("properties")
            .getJsonObject("properties")
            .getJsonObject("properties")
            .getJsonObject("additionalProperties");

    assertThat(schemas.get("property").getJsonArray("required"))
        .isEqualTo(new JsonArray().add("type").add("title").add("name"));
    assertThat(inList.getJsonArray("required")).isEqualTo(new JsonArray().add("type").add("title"));
  }

  @Test
  void marksTimesAsReadOnly() {
    var times = schemas.get("tag").getJsonObject("properties").getJsonObject("created_at");

    assertThat(times.getBoolean("readOnly")).isTrue();
    assertThat(times.getString("format")).isEqualTo("date-time");
  }
}
