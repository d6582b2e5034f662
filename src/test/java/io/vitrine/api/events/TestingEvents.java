package io.vitrine.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A client of Server-Sent Events, which remembers all that it has been told. */
final class TestingEvents implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private volatile String lastId = "";
  private String name = "";

  record Event(String name, JsonObject data) {
    boolean isOf(String image) {
      return image.equals(data.getString("id")) || image.equals(data.getString("image_id"));
    }

    boolean has(String key, Object value) {
      return value.equals(data.getValue(key));
    }
  }

  private TestingEvents() {}

  /** Listens; headers are names and values in turns. */
  static TestingEvents open(int port, String path, String... headers)
      throws IOException, InterruptedException {
    var events = new TestingEvents();
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .version(HttpClient.Version.HTTP_1_1);
    var answer =
        events.client.send(
            (headers.length == 0 ? request : request.headers(headers)).build(),
            BodyHandlers.ofLines());
    assertThat(answer.statusCode()).isEqualTo(200);
    Thread.startVirtualThread(() -> events.read(answer.body()));
    return events;
  }

  /** Listens to a list, from now on. */
  static TestingEvents openList(int port, String... headers)
      throws IOException, InterruptedException {
    var events = open(port, "/vitrine/v1/events", headers);
    events.await(event -> event.name.equals("start"));
    return events;
  }

  private void read(Stream<String> lines) {
    try {
      lines.forEach(this::read);
    } catch (UncheckedIOException closed) {
      name = "";
    }
  }

  private void read(String line) {
    if (line.startsWith("event: ")) {
      name = line.substring(7);
    } else if (line.startsWith("data: ")) {
      events.add(new Event(name, new JsonObject(line.substring(6))));
    } else if (line.startsWith("id: ")) {
      lastId = line.substring(4);
    }
  }

  /** What was told up to now. */
  List<Event> events() {
    return List.copyOf(events);
  }

  /** The names of what was told of an image. */
  List<String> of(String image) {
    return events.stream().filter(event -> event.isOf(image)).map(Event::name).toList();
  }

  /** After what a next client goes on. */
  String lastId() {
    return lastId;
  }

  /** The first event that meets a condition, told or still to come. */
  Event await(Predicate<Event> condition) {
    return TestingConditions.await(
            () -> events.stream().filter(condition).findFirst(), found -> found.isPresent())
        .orElseThrow();
  }

  /** The state of an image, once it is this. */
  Event await(String image, String status) {
    return await(
        event -> event.name.equals("image") && event.isOf(image) && event.has("status", status));
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
