package io.vitrine.api.metadefs;

import static io.vitrine.api.metadefs.NamespaceClient.PROPERTY;
import static io.vitrine.api.metadefs.NamespaceClient.SPACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Resource types that a namespace of definitions is associated with. */
@ExtendWith(TestingMetadefs.class)
class MetadefResourceTypesWireTest {
  private final TestingApi api;
  private final NamespaceClient space;

  MetadefResourceTypesWireTest(TestingApi api) {
    this.api = api;
    this.space = new NamespaceClient(api);
  }

  @BeforeEach
  void createNamespace() throws Exception {
    space.create();
  }

  @Test
  void associatesResourceTypes() throws Exception {
    var association = new JsonObject().put("name", "OS::Nova::Server").put("prefix", "hw:");
    var path = SPACE + "/resource_types";

    var added = space.post(path, association.copy().put("properties_target", "image"));

    var listed = space.get(path).getJsonArray("resource_type_associations");
    assertThat(added.getString("prefix")).isEqualTo("hw:");
    assertThat(added.getString("properties_target")).isEqualTo("image");
    assertThat(added.getString("updated_at")).isNotEmpty();
    assertThat(listed).containsExactly(added);
    assertThat(api.post(path, association).statusCode()).isEqualTo(409);
    assertThat(api.call("DELETE", path + "/OS::Nova::Server").statusCode()).isEqualTo(204);
    assertThat(api.call("DELETE", path + "/OS::Nova::Server").statusCode()).isEqualTo(404);
    assertThat(space.get(path).getJsonArray("resource_type_associations")).isEmpty();
  }

  @Test
  void remembersResourceTypesThatWereAssociated() throws Exception {
    space.post(SPACE + "/resource_types", new JsonObject().put("name", "b"));
    space.post(SPACE + "/resource_types", new JsonObject().put("name", "a"));

    api.call("DELETE", SPACE);

    var types = space.get("/v2/metadefs/resource_types").getJsonArray("resource_types");
    assertThat(types).map(type -> ((JsonObject) type).getString("name")).containsExactly("a", "b");
    assertThat(types.getJsonObject(0).fieldNames())
        .containsExactly("name", "created_at", "updated_at");
  }

  @Test
  void findsPropertiesUnderThePrefixOfAResourceType() throws Exception {
    space.post(SPACE + "/properties", PROPERTY);
    space.post(
        SPACE + "/resource_types", new JsonObject().put("name", "server").put("prefix", "hw:"));
    space.post(SPACE + "/resource_types", new JsonObject().put("name", "volume"));
    var path = SPACE + "/properties/";

    assertThat(space.get(path + "hw:cores?resource_type=server").getString("name"))
        .isEqualTo("cores");
    for (var wrong :
        List.of(
            "cores?resource_type=server",
            "cores?resource_type=volume",
            "hw:cores?resource_type=other",
            "hw:cores")) {
      assertThat(api.call("GET", path + wrong).statusCode()).as(wrong).isEqualTo(404);
    }
  }
}
