package io.vitrine.api.images;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Streams of events, over the versions of HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventsWireTest {
  private static final String ABSENT = "00000000-0000-0000-0000-000000000000";
  private static final byte[] DATA = UploadWireTest.data(3 << 20);

  private final Path directory;
  private final TestingSource source;
  private final TestingServer server;
  private final TestingApi api;

  EventsWireTest() throws Exception {
    directory = TestingServer.newDirectory();
    source = TestingSource.start();
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_IMPORT__WEB_DOWNLOAD__ALLOWED_PORTS",
                String.valueOf(source.port()),
                "VITRINE_HTTP__IDLE_TIMEOUT",
                "4s",
                "VITRINE_HTTP__MAX_EVENT_STREAMS_PER_CLIENT",
                "3"));
    api = new TestingApi(server.port());
  }

  @AfterAll
  void close() throws IOException {
    server.close();
    source.close();
    TestingServer.remove(directory);
  }

  private record Event(String name, JsonObject data) {}

  private HttpResponse<Stream<String>> open(HttpClient.Version version, String id)
      throws Exception {
    var request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.port() + "/v2/images/" + id + "/events"))
            .version(version)
            .timeout(Duration.ofSeconds(60))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofLines());
  }

  /** All events, up to the end of the stream. */
  private static List<Event> read(Stream<String> lines) {
    var events = new ArrayList<Event>();
    var name = new StringBuilder();
    lines.forEach(
        line -> {
          if (line.startsWith("event: ")) {
            name.setLength(0);
            name.append(line, 7, line.length());
          } else if (line.startsWith("data: ")) {
            events.add(new Event(name.toString(), new JsonObject(line.substring(6))));
          }
        });
    return events;
  }

  private void importFrom(String id, String uri) throws Exception {
    api.importFrom(id, uri);
  }

  private String slowly(CountDownLatch go) {
    return source.serve(
        client -> {
          TestingSource.send(client, DATA, DATA.length / 2);
          try {
            go.await();
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
          client.write(DATA, DATA.length / 2, DATA.length - DATA.length / 2);
        });
  }

  private void followsAnImport(HttpClient.Version version) throws Exception {
    var id = api.create();
    var go = new CountDownLatch(1);
    var answer = open(version, id);
    importFrom(id, slowly(go));
    TestingConditions.await(() -> api.task(id), task -> !task.getJsonArray("progress").isEmpty());

    Thread.startVirtualThread(
        () -> {
          TestingConditions.await(
              () -> api.task(id), task -> bytes(task.getJsonArray("progress")) > 0);
          go.countDown();
        });
    var events = read(answer.body());

    assertThat(answer.version()).isEqualTo(version);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
    assertThat(events.getFirst().data.getString("status")).isEqualTo("queued");
    assertThat(events)
        .filteredOn(event -> event.name.equals("image"))
        .extracting(event -> event.data.getString("status"))
        .startsWith("queued")
        .endsWith("active");
    var last = events.get(events.size() - 1);
    assertThat(last.name).isEqualTo("end");
    assertThat(last.data.getString("reason")).isEqualTo("final");
    assertThat(events)
        .filteredOn(event -> event.name.equals("task"))
        .extracting(event -> event.data.getString("status"))
        .endsWith("success");
  }

  private static long bytes(JsonArray progress) {
    return progress.isEmpty() ? 0 : progress.getJsonObject(0).getLong("bytes");
  }

  @Test
  void followsAnImportOverHttp1() throws Exception {
    followsAnImport(HttpClient.Version.HTTP_1_1);
  }

  @Test
  void followsAnImportOverHttp2() throws Exception {
    followsAnImport(HttpClient.Version.HTTP_2);
  }

  @Test
  void tellsThatAnImportFailedAndWhy() throws Exception {
    var id = api.create();
    var answer = open(HttpClient.Version.HTTP_1_1, id);
    importFrom(
        id,
        source.serve(
            client ->
                client.write("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n".getBytes(UTF_8))));

    var events = read(answer.body());

    assertThat(events)
        .filteredOn(event -> event.name.equals("task"))
        .last()
        .satisfies(
            event -> {
              assertThat(event.data.getString("status")).isEqualTo("failure");
              assertThat(event.data.getString("message")).contains("404");
            });
    assertThat(events.getLast().data.getString("reason")).isEqualTo("final");
  }

  @Test
  void endsAtOnceForAnImageThatIsReadyAndWhenAnImageIsDeleted() throws Exception {
    var ready = api.create(DATA);
    var doomed = api.create();
    var stream = open(HttpClient.Version.HTTP_1_1, doomed);
    assertThat(api.call("DELETE", "/v2/images/" + doomed).statusCode()).isEqualTo(204);

    var ofReady = read(open(HttpClient.Version.HTTP_1_1, ready).body());
    var ofDoomed = read(stream.body());

    assertThat(ofReady).extracting(Event::name).containsExactly("image", "end");
    assertThat(ofDoomed.getLast().data.getString("reason")).isEqualTo("deleted");
    assertThat(open(HttpClient.Version.HTTP_1_1, ABSENT).statusCode()).isEqualTo(404);
  }

  @Test
  void showsThatItLivesAndWorksThroughTheUwsgiListener() throws Exception {
    var id = api.create();

    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.uwsgiPort())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(uwsgi("/v2/images/" + id + "/events"));
      var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      var lines = new ArrayList<String>();
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
        if (line.startsWith(": ")) {
          assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);
        }
      }

      assertThat(lines).contains(": still here", "event: image", "event: end");
      assertThat(lines).noneMatch(line -> line.startsWith("transfer-encoding"));
    }
  }

  /** A packet of the uwsgi protocol: four bytes of head, then names and values with lengths. */
  private static byte[] uwsgi(String path) {
    var variables = new ByteArrayOutputStream();
    Map.of(
            "REQUEST_METHOD", "GET",
            "REQUEST_URI", path,
            "PATH_INFO", path,
            "SERVER_PROTOCOL", "HTTP/1.1",
            "HTTP_HOST", "image.example")
        .forEach(
            (name, value) -> {
              for (var text : List.of(name, value)) {
                variables.write(text.length() & 0xff);
                variables.write(text.length() >> 8);
                variables.writeBytes(text.getBytes(UTF_8));
              }
            });
    var packet = new ByteArrayOutputStream();
    packet.write(0);
    packet.write(variables.size() & 0xff);
    packet.write(variables.size() >> 8);
    packet.write(0);
    packet.writeBytes(variables.toByteArray());
    return packet.toByteArray();
  }

  @Test
  void refusesTooManyStreamsOfOneClient() throws Exception {
    var id = api.create();
    var open = new ArrayList<Stream<String>>();
    for (int i = 0; i < 3; i++) {
      open.add(open(HttpClient.Version.HTTP_1_1, id).body());
    }

    var refused = open(HttpClient.Version.HTTP_1_1, id);

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);
    open.forEach(lines -> assertThat(read(lines)).isNotEmpty());
    assertThat(read(open(HttpClient.Version.HTTP_1_1, api.create(DATA)).body())).isNotEmpty();
  }
}
