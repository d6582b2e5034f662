package io.vitrine.api.tickets;

import static io.vitrine.api.tickets.TestingTickets.asking;
import static io.vitrine.api.tickets.TestingTickets.path;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When a ticket is used up, and when not. */
@ExtendWith(SharedServer.class)
class TicketUseWireTest {
  private static final String DATA = TicketWireTest.DATA;

  private final int port;
  private final TestingApi api;
  private final TestingTickets tickets;

  TicketUseWireTest(TestingServer server) {
    port = server.port();
    api = new TestingApi(port);
    tickets = new TestingTickets(api, api);
  }

  private JsonObject once(String image, String method) throws Exception {
    return tickets.make(image, asking(method).put("single_use", true));
  }

  private String image() throws Exception {
    return api.create(DATA.getBytes(US_ASCII));
  }

  @Test
  void givesTheDataOnce() throws Exception {
    var ticket = once(image(), "download");

    assertThat(tickets.head(ticket).statusCode()).isEqualTo(200);
    assertThat(tickets.get(ticket).body()).isEqualTo(DATA);

    assertThat(tickets.get(ticket).statusCode()).isEqualTo(410);
    assertThat(tickets.head(ticket).statusCode()).isEqualTo(410);
    assertThat(tickets.get(ticket).body()).contains("has been used");
    assertThat(tickets.state(ticket)).isEqualTo("used");
  }

  @Test
  void describesTheDataOnce() throws Exception {
    var ticket = once(image(), "head");

    assertThat(tickets.head(ticket).statusCode()).isEqualTo(200);
    assertThat(tickets.head(ticket).statusCode()).isEqualTo(410);
  }

  @Test
  void givesTheDataToOneOfMany() throws Exception {
    var ticket = once(image(), "download");
    Callable<Integer> use = () -> tickets.get(ticket).statusCode();

    try (var users = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = users.invokeAll(Collections.nCopies(12, use));

      assertThat(answers.stream().map(answer -> answer.resultNow()).filter(s -> s == 200))
          .hasSize(1);
      assertThat(answers).extracting(answer -> answer.resultNow()).containsOnly(200, 410);
    }
  }

  @Test
  void isNotUsedUpByAnswersWithoutData() throws Exception {
    var ticket = once(image(), "download");

    assertThat(tickets.get(ticket, "Range", "bytes=999999-").statusCode()).isEqualTo(416);
    assertThat(tickets.get(ticket, "If-None-Match", "*").statusCode()).isEqualTo(304);

    assertThat(tickets.get(ticket).body()).isEqualTo(DATA);
  }

  @Test
  void waitsForDataThatIsNotThereYet() throws Exception {
    var image = api.create();
    var ticket = once(image, "download");
    assertThat(tickets.get(ticket).statusCode()).isEqualTo(204);

    assertThat(api.upload(image, DATA.getBytes(US_ASCII)).statusCode()).isEqualTo(204);

    assertThat(tickets.get(ticket).body()).isEqualTo(DATA);
  }

  @Test
  void takesDataOnce() throws Exception {
    var image = api.create();
    var ticket = tickets.make(image, "upload");
    assertThat(tickets.put(ticket, DATA).statusCode()).isEqualTo(204);

    var again = tickets.put(ticket, "other");

    assertThat(again.statusCode()).isEqualTo(410);
    assertThat(new String(api.download(image).body(), US_ASCII)).isEqualTo(DATA);
  }

  /** As a client whose connection breaks must be able to begin again. */
  @Test
  void isNotUsedUpByAnUploadThatBreaksOff() throws Exception {
    var image = api.create();
    var ticket = tickets.make(image, "upload");
    try (var connection = new RawConnection(port)) {
      connection.put(path(ticket), "Content-Length: 1000\r\n").send("half");
      api.await(image, "saving");
      assertThat(tickets.put(ticket, DATA).statusCode()).isEqualTo(409);
      connection.cut();
    }
    api.await(image, "queued");

    assertThat(tickets.put(ticket, DATA).statusCode()).isEqualTo(204);
  }

  @Test
  void refusesTheDataOfATicketThatIsRevokedMeanwhile() throws Exception {
    var image = api.create();
    var ticket = tickets.make(image, "upload");
    try (var connection = new RawConnection(port)) {
      connection.put(path(ticket), "Content-Length: 8\r\n").send("half");
      api.await(image, "saving");
      assertThat(tickets.revoke(ticket).statusCode()).isEqualTo(204);
      connection.send("half");

      assertThat(connection.read().status()).isEqualTo(410);
    }
    api.await(image, "queued");
    assertThat(api.upload(image, new byte[] {1}).statusCode()).isEqualTo(204);
  }

  /**
   * The one who makes a ticket may still upload otherwise, and then the ticket is worth nothing.
   */
  @Test
  void takesNoDataForAnImageThatHasSome() throws Exception {
    var image = api.create();
    var ticket = tickets.make(image, "upload");
    assertThat(api.upload(image, new byte[] {1}).statusCode()).isEqualTo(204);

    assertThat(tickets.put(ticket, DATA).statusCode()).isEqualTo(409);
    assertThat(tickets.ask(image, asking("upload")).statusCode()).isEqualTo(409);
  }
}
