package io.vitrine.api.uploads;

import static io.vitrine.api.uploads.TestingRufh.VERSION;
import static io.vitrine.api.uploads.TestingRufh.path;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vitrine.app.TestingServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Uploads by the draft into a store that keeps no parts: Swift's, or what looks like it. */
class RufhStoresWireTest {
  private static final String SWIFT = "VITRINE_STORES__BACKENDS__OBJECTS__";

  private final Queue<String> puts = new ConcurrentLinkedQueue<>();
  private final HttpServer swift;
  private Path directory = Path.of("");

  RufhStoresWireTest() throws IOException {
    swift = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    swift.createContext("/", this::answer);
  }

  @BeforeEach
  void prepare() throws Exception {
    swift.start();
    directory = TestingServer.newDirectory();
  }

  @AfterEach
  void clean() throws Exception {
    swift.stop(0);
    TestingServer.remove(directory);
  }

  private String url() {
    return "http://127.0.0.1:" + swift.getAddress().getPort();
  }

  /** Takes whatever comes, and forgets it. */
  private void answer(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("PUT")) {
      puts.add(exchange.getRequestURI().getPath());
    }
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("X-Storage-Url", url() + "/v1");
    exchange.getResponseHeaders().set("X-Auth-Token", "token");
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  /** All data in one request needs no other; parts do. */
  @Test
  void takesOnlyAllDataAtOnce() throws Exception {
    var settings =
        Map.of(
            SWIFT + "KIND", "swift",
            SWIFT + "SWIFT__AUTH_VERSION", "1",
            SWIFT + "SWIFT__AUTH_URL", url() + "/auth",
            SWIFT + "SWIFT__USER", "images",
            SWIFT + "SWIFT__PASSWORD", "secret");
    try (var server = TestingServer.start(directory, settings)) {
      var rufh = new TestingRufh(server.port());
      var id = rufh.api.create();
      var statuses = new ArrayList<Integer>();
      for (var complete : List.of("?0", "?1")) {
        assertThat(puts).isEmpty();
        try (var connection =
            rufh.openPut(
                path(id, "file"),
                3,
                "Upload-Complete: " + complete,
                VERSION,
                "X-Image-Meta-Store: objects")) {
          var answers = TestingRufh.read(connection.send(new byte[3]));
          assertThat(answers.interim()).isEmpty();
          statuses.add(answers.last().status());
        }
        rufh.api.await(id, "queued");
      }

      // This Swift has forgotten the data when it is looked at again.
      assertThat(statuses).containsExactly(501, 503);
      assertThat(puts).isNotEmpty();
    }
  }
}
