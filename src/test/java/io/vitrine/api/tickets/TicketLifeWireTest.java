package io.vitrine.api.tickets;

import static io.vitrine.api.tickets.TestingTickets.asking;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tickets of servers that are configured for them, and restarted. */
class TicketLifeWireTest {
  private static final String DATA = TicketWireTest.DATA;

  private Path directory;

  @BeforeEach
  void prepare() throws Exception {
    directory = TestingServer.newDirectory();
  }

  @AfterEach
  void clear() throws Exception {
    TestingServer.remove(directory);
  }

  private TestingServer start(String... settings) throws Exception {
    return settings.length == 0
        ? TestingServer.start(directory, Map.of())
        : TestingServer.start(directory, Map.of(settings[0], settings[1]));
  }

  private static TestingTickets tickets(TestingServer server) {
    var api = new TestingApi(server.port());
    return new TestingTickets(api, api);
  }

  private static String image(TestingTickets tickets) throws Exception {
    return tickets.maker().create(DATA.getBytes(US_ASCII));
  }

  @Test
  void isKnownAfterARestart() throws Exception {
    JsonObject used;
    JsonObject revoked;
    JsonObject sent;
    JsonObject fresh;
    try (var server = start()) {
      var tickets = tickets(server);
      var image = image(tickets);
      used = tickets.make(image, asking("download").put("single_use", true));
      assertThat(tickets.get(used).statusCode()).isEqualTo(200);
      revoked = tickets.make(image, "download");
      assertThat(tickets.revoke(revoked).statusCode()).isEqualTo(204);
      sent = tickets.make(tickets.maker().create(), "upload");
      assertThat(tickets.put(sent, DATA).statusCode()).isEqualTo(204);
      fresh = tickets.make(image, "download");
    }

    try (var server = start()) {
      var tickets = tickets(server);

      assertThat(tickets.get(used).statusCode()).isEqualTo(410);
      assertThat(tickets.get(revoked).statusCode()).isEqualTo(410);
      assertThat(tickets.put(sent, DATA).statusCode()).isEqualTo(410);
      assertThat(tickets.get(fresh).body()).isEqualTo(DATA);
    }
  }

  @Test
  void keepsToTheQuota() throws Exception {
    try (var server = start("VITRINE_QUOTA__USER_STORAGE_QUOTA", "20000")) {
      var tickets = tickets(server);
      image(tickets);
      var image = tickets.maker().create();
      var ticket = tickets.make(image, "upload");

      assertThat(tickets.put(ticket, DATA).statusCode()).isEqualTo(413);

      assertThat(tickets.maker().image(image).getString("status")).isEqualTo("queued");
      assertThat(tickets.put(ticket, "small").statusCode()).isEqualTo(204);
    }
  }

  @Test
  void worksOnlyWhileThePolicyPermitsIt() throws Exception {
    var policy = Files.writeString(directory.resolve("policy.yaml"), "{}");
    var yaml = "policy: {file: %s, refresh_interval: 100ms}".formatted(policy);
    try (var server = TestingServer.start(directory, Map.of(), yaml)) {
      var tickets = tickets(server);
      var image = image(tickets);
      var ticket = tickets.make(image, "download");
      var upload = tickets.make(tickets.maker().create(), "upload");

      Files.writeString(policy, "{\"manage_image_tickets\": \"!\"}");

      TestingConditions.await(() -> tickets.get(ticket).statusCode(), status -> status == 403);
      assertThat(tickets.put(upload, DATA).statusCode()).isEqualTo(403);
      assertThat(tickets.ask(image, asking("head")).statusCode()).isEqualTo(403);
      assertThat(tickets.ask(image, asking("head")).body()).contains("manage_image_tickets");
      assertThat(tickets.revoke(ticket).statusCode()).isEqualTo(403);

      Files.writeString(policy, "{\"download_image\": \"!\", \"upload_image\": \"!\"}");

      TestingConditions.await(() -> tickets.revoke(ticket).statusCode(), status -> status == 204);
      assertThat(tickets.ask(image, asking("head")).statusCode()).isEqualTo(403);
      assertThat(tickets.put(upload, DATA).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void canBeSwitchedOff() throws Exception {
    JsonObject ticket;
    try (var server = start()) {
      var tickets = tickets(server);
      ticket = tickets.make(image(tickets), "download");
    }

    try (var server = start("VITRINE_TICKETS__ENABLED", "false")) {
      var tickets = tickets(server);

      assertThat(tickets.get(ticket).statusCode()).isEqualTo(404);
      assertThat(tickets.ask(ticket.getString("image_id"), asking("download")).statusCode())
          .isEqualTo(501);
      assertThat(tickets.revoke(ticket).statusCode()).isEqualTo(204);
    }
  }

  @Test
  void livesAsLongAsTheOperatorSays() throws Exception {
    var yaml = "tickets: {lifetime: 10s, max_lifetime: 20s}";
    try (var server = TestingServer.start(directory, Map.of(), yaml)) {
      var tickets = tickets(server);
      var image = image(tickets);

      assertThat(tickets.ask(image, asking("head").put("expires_in", 21)).statusCode())
          .isEqualTo(400);
      assertThat(tickets.ask(image, asking("head").put("expires_in", 20)).statusCode())
          .isEqualTo(201);
    }
  }
}
