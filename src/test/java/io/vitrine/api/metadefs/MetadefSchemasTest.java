package io.vitrine.api.metadefs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetadefSchemasTest {
  private final JsonObject schemas = new JsonObject(new LinkedHashMap<>(MetadefSchemas.served()));

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
    assertThat(schemas.getJsonObject(path).getString("name")).isEqualTo(name);
  }

  @Test
  void servesNoOthers() {
    assertThat(schemas).hasSize(10);
  }

  @Test
  void describesListsByTheirItems() {
    var item = schemas.getJsonObject("namespace").copy();
    item.remove("definitions");

    var list = schemas.getJsonObject("namespaces");

    assertThat(list.getJsonObject("properties").getJsonObject("namespaces").getJsonObject("items"))
        .isEqualTo(item);
    assertThat(list.getJsonObject("definitions"))
        .isEqualTo(schemas.getJsonObject("namespace").getJsonObject("definitions"));
    assertThat(list.getJsonObject("properties").fieldNames())
        .containsExactlyInAnyOrder("namespaces", "first", "next", "schema");
  }

  @Test
  void needsThePropertysNameOnlyWhenItIsAlone() {
    var inList =
        schemas
            .getJsonObject("properties")
            .getJsonObject("properties")
            .getJsonObject("properties")
            .getJsonObject("additionalProperties");

    assertThat(schemas.getJsonObject("property").getJsonArray("required"))
        .isEqualTo(new JsonArray().add("type").add("title").add("name"));
    assertThat(inList.getJsonArray("required")).isEqualTo(new JsonArray().add("type").add("title"));
  }

  @Test
  void marksTimesAsReadOnly() {
    var times =
        schemas.getJsonObject("tag").getJsonObject("properties").getJsonObject("created_at");

    assertThat(times.getBoolean("readOnly")).isTrue();
    assertThat(times.getString("format")).isEqualTo("date-time");
  }
}
