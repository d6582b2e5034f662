package io.vitrine.api.tickets;

import static io.vitrine.api.tickets.TestingTickets.USE;
import static io.vitrine.api.tickets.TestingTickets.all;
import static io.vitrine.api.tickets.TestingTickets.asking;
import static io.vitrine.api.tickets.TestingTickets.header;
import static io.vitrine.api.tickets.TestingTickets.path;
import static io.vitrine.api.tickets.TestingTickets.secret;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.testing.TestingConditions;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What tickets do not permit. */
@ExtendWith(SharedServer.class)
class TicketRefusalWireTest {
  private static final String DATA = TicketWireTest.DATA;

  private final TestingApi api;
  private final TestingTickets tickets;

  TicketRefusalWireTest(TestingServer server) {
    api = new TestingApi(server.port());
    tickets = new TestingTickets(api, api);
  }

  private String image() throws Exception {
    return api.create(DATA.getBytes(US_ASCII));
  }

  @Test
  void refusesSecretsThatAreGuessed() throws Exception {
    var ticket = tickets.make(image(), "download");
    var secret = secret(ticket);
    var guesses =
        List.of(
            "x",
            ticket.getString("id"),
            "vtk_" + "A".repeat(43),
            secret.substring(0, 46),
            secret + "x",
            secret.toLowerCase(Locale.ROOT) + secret.toUpperCase(Locale.ROOT));

    for (var guess : guesses) {
      var answer = api.call("GET", USE + guess);
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body()).contains("There is no such ticket.").doesNotContain(guess);
      assertThat(api.send("PUT", USE + guess, BodyPublishers.ofString(DATA)).statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void refusesATicketWhoseTimeIsOver() throws Exception {
    var ticket = tickets.make(image(), asking("download").put("expires_in", 1));

    TestingConditions.await(() -> tickets.get(ticket).statusCode(), status -> status == 410);

    assertThat(tickets.get(ticket).body()).contains("expired");
    assertThat(tickets.state(ticket)).isEqualTo("expired");
  }

  @Test
  void refusesARevokedTicket() throws Exception {
    var ticket = tickets.make(image(), "download");
    assertThat(tickets.get(ticket).statusCode()).isEqualTo(200);

    assertThat(tickets.revoke(ticket).statusCode()).isEqualTo(204);

    assertThat(tickets.get(ticket).statusCode()).isEqualTo(410);
    assertThat(tickets.get(ticket).body()).contains("revoked");
    assertThat(tickets.state(ticket)).isEqualTo("revoked");
    assertThat(tickets.revoke(ticket).statusCode()).isEqualTo(204);
  }

  @ParameterizedTest
  @CsvSource({
    "download,PUT,403", "download,POST,405", "download,DELETE,405", "head,GET,403",
    "head,PUT,403", "upload,GET,403", "upload,HEAD,403", "upload,PATCH,405"
  })
  void refusesOtherMethods(String permitted, String asked, int status) throws Exception {
    var image = permitted.equals("upload") ? api.create() : image();
    var ticket = tickets.make(image, permitted);

    var answer = asked.equals("PUT") ? tickets.put(ticket, DATA) : api.call(asked, path(ticket));

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(tickets.state(ticket)).isEqualTo("active");
    if (status == 405) {
      assertThat(header(answer, "Allow")).isEqualTo("GET, HEAD, OPTIONS, PUT");
    }
  }

  @Test
  void refusesTicketsOfOtherImages() throws Exception {
    var ticket = tickets.make(image(), "download");
    var other = all(image()) + "/";

    assertThat(api.call("GET", other + ticket.getString("id")).statusCode()).isEqualTo(404);
    assertThat(api.call("DELETE", other + ticket.getString("id")).statusCode()).isEqualTo(404);
    assertThat(api.call("GET", other + UUID.randomUUID()).statusCode()).isEqualTo(404);
    assertThat(api.call("GET", other + "x").statusCode()).isEqualTo(404);
    assertThat(tickets.state(ticket)).isEqualTo("active");
  }

  @Test
  void refusesMoreThanTheLargestSize() throws Exception {
    var image = api.create();
    var ticket = tickets.make(image, asking("upload").put("max_size", 100));

    var announced = tickets.put(ticket, "x".repeat(101));
    var chunked =
        api.send(
            "PUT",
            path(ticket),
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[101])));

    assertThat(announced.statusCode()).isEqualTo(413);
    assertThat(announced.body()).contains("101", "100");
    assertThat(chunked.statusCode()).isEqualTo(413);
    assertThat(api.image(image).getString("status")).isEqualTo("queued");
    assertThat(tickets.put(ticket, "x".repeat(100)).statusCode()).isEqualTo(204);
  }

  @ParameterizedTest
  @ValueSource(strings = {"md5", "sha256", "sha512"})
  void refusesDataWithAnotherDigest(String algorithm) throws Exception {
    var image = api.create();
    var digest = HashAlgorithm.find(algorithm).orElseThrow().begin();
    var claim = algorithm + ":" + HexFormat.of().formatHex(digest.digest(DATA.getBytes(US_ASCII)));
    var ticket = tickets.make(image, asking("upload").put("digest", claim));
    assertThat(ticket.getString("digest")).isEqualTo(claim);

    var wrong = tickets.put(ticket, DATA.replace('9', '8'));

    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.body()).contains("expected " + algorithm);
    assertThat(api.image(image).getString("status")).isEqualTo("queued");
    assertThat(tickets.put(ticket, DATA).statusCode()).isEqualTo(204);
  }

  @Test
  void refusesDataOfAnotherFormat() throws Exception {
    var image = api.create("qcow2");
    var ticket = tickets.make(image, "upload");

    assertThat(tickets.put(ticket, DATA).statusCode()).isEqualTo(415);

    assertThat(api.image(image).getString("status")).isEqualTo("queued");
    assertThat(tickets.state(ticket)).isEqualTo("active");
  }

  @Test
  void refusesAPartOfTheData() throws Exception {
    var ticket = tickets.make(api.create(), "upload");

    assertThat(tickets.put(ticket, DATA, "Content-Range", "bytes 0-15999/32000").statusCode())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"method\": \"delete\"}",
        "{\"method\": 1}",
        "{\"method\": \"download\", \"expires_in\": 0}",
        "{\"method\": \"download\", \"expires_in\": 604801}",
        "{\"method\": \"download\", \"expires_in\": 99999999999999999999}",
        "{\"method\": \"download\", \"expires_in\": \"1h\"}",
        "{\"method\": \"download\", \"expires_in\": 1.5}",
        "{\"method\": \"download\", \"single_use\": \"yes\"}",
        "{\"method\": \"download\", \"max_size\": 1}",
        "{\"method\": \"head\", \"digest\": \"md5:00\"}",
        "{\"method\": \"upload\", \"single_use\": false}",
        "{\"method\": \"upload\", \"max_size\": -1}",
        "{\"method\": \"upload\", \"digest\": \"sha256:00\"}",
        "{\"method\": \"upload\", \"digest\": \"sha1:00\"}",
        "{\"method\": \"upload\", \"store\": \"moon\"}",
        "{\"method\": \"upload\", \"user\": \"me\"}"
      })
  void refusesTicketsThatMakeNoSense(String body) throws Exception {
    var image = api.create();

    var answer = api.post(all(image), body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(new JsonObject(api.call("GET", all(image)).body()).getJsonArray("tickets"))
        .isEmpty();
  }

  @Test
  void makesOnlySoManyForAnImage() throws Exception {
    var image = image();
    var first = tickets.make(image, "head");
    for (int i = 1; i < 100; i++) {
      tickets.make(image, "head");
    }

    var answer = tickets.ask(image, asking("head"));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).contains("100 active tickets");
    assertThat(tickets.revoke(first).statusCode()).isEqualTo(204);
    tickets.make(image, "head");
  }
}
