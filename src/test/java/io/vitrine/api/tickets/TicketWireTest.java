package io.vitrine.api.tickets;

import static io.vitrine.api.tickets.TestingTickets.asking;
import static io.vitrine.api.tickets.TestingTickets.header;
import static io.vitrine.api.tickets.TestingTickets.one;
import static io.vitrine.api.tickets.TestingTickets.path;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tickets permit. */
@ExtendWith(SharedServer.class)
class TicketWireTest {
  static final String DATA = "0123456789abcdef".repeat(1000);

  private final int port;
  private final TestingApi api;
  private final TestingTickets tickets;

  TicketWireTest(TestingServer server) {
    port = server.port();
    api = new TestingApi(port);
    tickets = new TestingTickets(api, api);
  }

  private String image() throws Exception {
    return api.create(DATA.getBytes(US_ASCII));
  }

  @Test
  void tellsTheUrlOnce() throws Exception {
    var image = image();
    var answer = tickets.ask(image, asking("download"));
    var ticket = new JsonObject(answer.body());

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
    assertThat(header(answer, "Location")).endsWith(one(ticket));
    assertThat(ticket.getString("url"))
        .startsWith("http://127.0.0.1:" + port + "/vitrine/v1/tickets/vtk_");
    assertThat(TestingTickets.secret(ticket)).hasSize(47);
    assertThat(ticket.getString("project_id")).isEqualTo(TestingServer.PROJECT);
    assertThat(Duration.between(Instant.now(), Instant.parse(ticket.getString("expires_at"))))
        .isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
    ticket.remove("url");
    assertThat(new JsonObject(api.call("GET", one(ticket)).body())).isEqualTo(ticket);
    var listed = new JsonObject(api.call("GET", TestingTickets.all(image)).body());
    assertThat(listed.getJsonArray("tickets")).containsExactly(ticket);
  }

  @Test
  void opensTheDataAsAnyDownload() throws Exception {
    var image = image();
    var ticket = tickets.make(image, "download");

    var whole = tickets.get(ticket);
    var part = tickets.get(ticket, "Range", "bytes=10-15");
    var etag = header(whole, "ETag");
    var known = tickets.get(ticket, "If-None-Match", etag);
    var beyond = tickets.get(ticket, "Range", "bytes=999999-");

    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).isEqualTo(DATA);
    assertThat(header(whole, "Accept-Ranges")).isEqualTo("bytes");
    assertThat(header(whole, "Cache-Control")).isEqualTo("no-store");
    assertThat(header(whole, "Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(etag).isEqualTo(header(api.download(image), "ETag"));
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("abcdef");
    assertThat(known.statusCode()).isEqualTo(304);
    assertThat(beyond.statusCode()).isEqualTo(416);
    assertThat(tickets.state(ticket)).isEqualTo("active");
  }

  @ParameterizedTest
  @ValueSource(strings = {"download", "head"})
  void describesTheData(String method) throws Exception {
    var ticket = tickets.make(image(), method);

    var answer = tickets.head(ticket);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Content-Length")).isEqualTo("" + DATA.length());
    assertThat(header(answer, "ETag")).isNotEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "application/octet-stream", "application/x-iso9660-image", "text/x"})
  void takesDataOfAnyType(String type) throws Exception {
    var image = api.create();
    var ticket = tickets.make(image, "upload");

    var answer =
        type.isEmpty()
            ? tickets.put(ticket, DATA)
            : tickets.put(ticket, DATA, "Content-Type", type);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    var active = api.image(image);
    assertThat(active.getString("status")).isEqualTo("active");
    assertThat(active.getLong("size")).isEqualTo(DATA.length());
    assertThat(active.getString("os_hash_value")).isNotNull();
    assertThat(new String(api.download(image).body(), US_ASCII)).isEqualTo(DATA);
    assertThat(tickets.state(ticket)).isEqualTo("used");
  }

  @Test
  void takesDataInChunks() throws Exception {
    var image = api.create();
    var ticket = tickets.make(image, "upload");

    var answer =
        api.send(
            "PUT",
            path(ticket),
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(DATA.getBytes(US_ASCII))));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    assertThat(new String(api.download(image).body(), US_ASCII)).isEqualTo(DATA);
  }

  @Test
  void putsDataWhereTheMakerSays() throws Exception {
    var image = api.create();
    var ticket = tickets.make(image, asking("upload").put("store", "archive"));

    assertThat(tickets.put(ticket, DATA, "X-Image-Meta-Store", "local").statusCode())
        .isEqualTo(204);

    assertThat(api.image(image).getString("stores")).isEqualTo("archive");
  }

  @Test
  void tellsTheMethodsOfAnyUrl() throws Exception {
    var answer = api.call("OPTIONS", TestingTickets.USE + "x");

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(header(answer, "Allow")).isEqualTo("GET, HEAD, OPTIONS, PUT");
  }

  @Test
  void endsWithItsImage() throws Exception {
    var image = image();
    var ticket = tickets.make(image, "download");

    assertThat(api.call("DELETE", "/v2/images/" + image).statusCode()).isEqualTo(204);

    assertThat(tickets.get(ticket).statusCode()).isEqualTo(404);
    assertThat(api.call("GET", TestingTickets.all(image)).statusCode()).isEqualTo(404);
  }
}
