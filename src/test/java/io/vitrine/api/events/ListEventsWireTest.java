package io.vitrine.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The events of all images, on one node while another does the work; they share the database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListEventsWireTest {
  private static final byte[] DATA = UploadWireTest.data(4 << 20);

  private final Path directory;
  private final TestingServer node;
  private final TestingServer other;
  private final TestingApi api;

  ListEventsWireTest() throws Exception {
    directory = TestingServer.newDirectory();
    node = start("node", "http,store,import");
    other = start("other", "http,store");
    api = new TestingApi(node.port());
  }

  private TestingServer start(String name, String roles) throws Exception {
    var settings =
        new HashMap<>(
            Map.of(
                "VITRINE_SCRUB__ENABLED", "false",
                "VITRINE_HTTP__IDLE_TIMEOUT", "10s",
                "VITRINE_HTTP__MAX_EVENT_STREAMS_PER_CLIENT", "3",
                "VITRINE_STORES__BACKENDS__LOCAL__SHARED", "true"));
    settings.put("VITRINE_NODE__NAME", name);
    settings.put("VITRINE_ROLES", roles);
    return TestingServer.start(directory, settings);
  }

  @AfterAll
  void close() throws IOException {
    other.close();
    node.close();
    TestingServer.remove(directory);
  }

  private void rename(String id, String name) throws Exception {
    var change = new JsonObject().put("op", "replace").put("path", "/name").put("value", name);
    assertThat(api.patch(id, new JsonArray().add(change)).statusCode()).isEqualTo(200);
  }

  private void delete(String id) throws Exception {
    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);
  }

  @Test
  void tellsWhatHappensOnAnotherNode() throws Exception {
    try (var events = TestingEvents.openList(other.port());
        var connection = new RawConnection(node.port())) {
      var id = api.create();
      events.await(id, "queued");
      rename(id, "cirros");
      events.await(event -> event.isOf(id) && event.has("name", "cirros"));
      connection
          .put("/v2/images/" + id + "/file", "Content-Length: " + DATA.length + "\r\n")
          .send(Arrays.copyOf(DATA, DATA.length - 1));
      events.await(id, "saving");
      var told = events.await(event -> event.name().equals("progress") && event.isOf(id)).data();
      connection.send(new byte[] {DATA[DATA.length - 1]});
      var active = events.await(id, "active").data();
      delete(id);
      events.await(event -> event.name().equals("deleted") && event.isOf(id));

      assertThat(told.getLong("total")).isEqualTo(DATA.length);
      assertThat(active.getLong("size")).isEqualTo(DATA.length);
      assertThat(active.getString("owner")).isEqualTo(TestingServer.PROJECT);
      assertThat(events.of(id)).startsWith("image").endsWith("deleted");
    }
  }

  @Test
  void tellsOfImports() throws Exception {
    try (var events = TestingEvents.openList(other.port())) {
      var id = api.create();
      assertThat(api.stage(id, DATA).statusCode()).isEqualTo(204);
      assertThat(api.importStaged(id).statusCode()).isEqualTo(202);

      events.await(id, "active");
      var task =
          events.await(
              event ->
                  event.name().equals("task") && event.isOf(id) && event.has("status", "success"));

      assertThat(task.data().getString("type")).isEqualTo("api_image_import");
    }
  }

  @Test
  void goesOnWhereAClientHasStopped() throws Exception {
    var doomed = api.create();
    var kept = api.create();
    String last;
    try (var events = TestingEvents.openList(other.port())) {
      var sign = api.create();
      events.await(sign, "queued");
      last = events.lastId();
    }
    var added = api.create(DATA);
    rename(kept, "renamed");
    delete(doomed);

    try (var events =
        TestingEvents.open(node.port(), "/vitrine/v1/events", "Last-Event-ID", last)) {
      events.await(added, "active");
      events.await(event -> event.isOf(kept) && event.has("name", "renamed"));
      events.await(event -> event.isOf(doomed) && event.name().equals("deleted"));

      assertThat(events.events()).noneMatch(event -> event.name().equals("reset"));
      rename(kept, "again");
      events.await(event -> event.isOf(kept) && event.has("name", "again"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "another server's", "9999999999999999"})
  void asksForTheListIfNobodyKnowsWhatWasMissed(String id) throws Exception {
    try (var events = TestingEvents.open(node.port(), "/vitrine/v1/events", "Last-Event-ID", id)) {
      events.await(event -> event.name().equals("reset"));
      var image = api.create();
      events.await(image, "queued");

      assertThat(events.lastId()).isNotEqualTo(id).matches("[0-9]{16}");
    }
  }

  @Test
  void showsThatItLives() throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/vitrine/v1/events"))
            .build();
    try (var client = HttpClient.newHttpClient()) {
      var lines = client.send(request, BodyHandlers.ofLines()).body().iterator();
      var heard = new ArrayList<String>();
      while (!heard.contains(": still here")) {
        heard.add(lines.next());
      }

      assertThat(heard).startsWith(": connected", "", "event: start");
      client.shutdownNow();
    }
  }

  @Test
  void limitsTheStreamsOfAClient() throws Exception {
    var image = "/v2/images/" + api.create() + "/events";
    var client = new TestingApi(other.port());
    var open =
        List.of(
            TestingEvents.openList(other.port()),
            TestingEvents.openList(other.port()),
            TestingEvents.open(other.port(), image));

    var refused = client.call("GET", "/vitrine/v1/events");

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(client.call("GET", image).statusCode()).isEqualTo(429);
    open.forEach(TestingEvents::close);
    TestingConditions.await(
        "room for another stream", () -> isAdmitted(other.port(), "/vitrine/v1/events"));
  }

  private static boolean isAdmitted(int port, String path) {
    try (var connection = new RawConnection(port)) {
      connection.send("GET %s HTTP/1.1\r\nHost: test\r\n\r\n".formatted(path));
      return connection.readHead().status() == 200;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
