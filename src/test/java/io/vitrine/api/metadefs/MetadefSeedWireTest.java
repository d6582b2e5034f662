package io.vitrine.api.metadefs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the catalog of metadata definitions is filled with at the first start, and only then. */
class MetadefSeedWireTest {
  private static final String NAMESPACES = "/v2/metadefs/namespaces";
  private static final String[] BUILTIN = {
    "Vitrine::EncryptionKey", "Vitrine::Import", "Vitrine::Signature"
  };

  private Path directory = Path.of("");
  private Path definitions = Path.of("");

  @BeforeEach
  void makeDirectory() throws IOException {
    directory = TestingServer.newDirectory();
    definitions = Files.createDirectory(directory.resolve("metadefs"));
  }

  @AfterEach
  void removeDirectory() throws IOException {
    TestingServer.remove(directory);
  }

  @Test
  void loadsWhatIsConfiguredAtTheFirstStartOnly() throws Exception {
    write("things.json", "Own::Things");
    Files.writeString(definitions.resolve("broken.json"), "{");
    var settings = Map.of("VITRINE_METADEFS__DIR", definitions.toString());
    try (var server = TestingServer.start(directory, settings)) {
      var api = new TestingApi(server.port());

      assertThat(namespaces(api)).contains(BUILTIN).contains("Own::Things").hasSize(4);
      assertThat(property(api)).isEqualTo("Colour");
      assertThat(api.call("DELETE", NAMESPACES + "/Own::Things").statusCode()).isEqualTo(204);
    }

    write("more.json", "Own::More");
    try (var server = TestingServer.start(directory, settings)) {
      assertThat(namespaces(new TestingApi(server.port()))).containsExactlyInAnyOrder(BUILTIN);
    }
  }

  @Test
  void loadsNothingWhenNothingIsConfigured() throws Exception {
    try (var server =
        TestingServer.start(directory, Map.of("VITRINE_METADEFS__BUILTIN", "false"))) {
      assertThat(namespaces(new TestingApi(server.port()))).isEmpty();
    }
  }

  private void write(String file, String namespace) throws IOException {
    var colour = new JsonObject().put("title", "Colour").put("type", "string");
    Files.writeString(
        definitions.resolve(file),
        new JsonObject()
            .put("namespace", namespace)
            .put("visibility", "public")
            .put("properties", new JsonObject().put("colour", colour))
            .encode());
  }

  private static List<String> namespaces(TestingApi api) throws Exception {
    var answer = api.call("GET", NAMESPACES);
    assertThat(answer.statusCode()).isEqualTo(200);
    return new JsonObject(answer.body())
        .getJsonArray("namespaces").stream()
            .map(JsonObject.class::cast)
            .map(each -> each.getString("namespace"))
            .toList();
  }

  private static String property(TestingApi api) throws Exception {
    var answer = api.call("GET", NAMESPACES + "/Own::Things/properties/colour");
    assertThat(answer.statusCode()).isEqualTo(200);
    return new JsonObject(answer.body()).getString("title");
  }
}
