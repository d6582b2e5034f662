package io.vitrine.api.metadefs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole server has the routes, and what it starts with. */
@ExtendWith(SharedServer.class)
class MetadefServerWireTest {
  private final TestingApi api;

  MetadefServerWireTest(TestingServer server) {
    this.api = new TestingApi(server.port());
  }

  @Test
  void startsWithWhatItUnderstandsItself() throws Exception {
    var namespace =
        new JsonObject(api.call("GET", "/v2/metadefs/namespaces/Vitrine::Import").body());
    var types = new JsonObject(api.call("GET", "/v2.5/metadefs/resource_types").body());

    assertThat(namespace.getJsonObject("properties").fieldNames())
        .contains("os_glance_failed_import");
    assertThat(types.getJsonArray("resource_types"))
        .map(type -> ((JsonObject) type).getString("name"))
        .contains("OS::Glance::Image");
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespace", "resource_types", "properties", "object", "tags"})
  void servesSchemas(String name) throws Exception {
    var answer = api.call("GET", "/v2/schemas/metadefs/" + name);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(answer.body())).isEqualTo(MetadefSchemas.served().get(name));
  }
}
