package io.vitrine.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may not steer the cache is told so, whether there is a cache and whatever it may get. */
class CachePolicyWireTest {
  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void forbidsBeforeAnythingElse(String enabled) throws Exception {
    var directory = TestingServer.newDirectory();
    var rules = directory.resolve("policy.yaml");
    Files.writeString(rules, "{get_image: '!', cache_image: '!', cache_delete: '!'}");
    var settings =
        Map.of("VITRINE_POLICY__FILE", rules.toString(), "VITRINE_CACHE__ENABLED", enabled);
    try (var server = TestingServer.start(directory, settings)) {
      var api = new TestingApi(server.port());
      var image = "/v2/cache/" + api.create();

      assertThat(api.call("PUT", image).statusCode()).isEqualTo(403);
      assertThat(api.call("DELETE", image).statusCode()).isEqualTo(403);
    } finally {
      TestingServer.remove(directory);
    }
  }
}
