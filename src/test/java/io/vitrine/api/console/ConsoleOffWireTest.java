package io.vitrine.api.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleOffWireTest {
  @Test
  void leavesItsPathsUnknown() throws Exception {
    var directory = TestingServer.newDirectory();
    var settings = Map.of("VITRINE_HTTP__CONSOLE__ENABLED", "false");
    try (var server = TestingServer.start(directory, settings)) {
      var api = new TestingApi(server.port());

      assertThat(api.call("GET", "/ui").statusCode()).isEqualTo(300);
      assertThat(api.call("GET", "/ui/").statusCode()).isEqualTo(300);
      assertThat(api.call("GET", "/ui/config.json").statusCode()).isEqualTo(300);
    } finally {
      TestingServer.remove(directory);
    }
  }
}
