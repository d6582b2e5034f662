package io.vitrine.api.tickets;

import static io.vitrine.api.tickets.TestingTickets.all;
import static io.vitrine.api.tickets.TestingTickets.one;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.ServerOfProjects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whose tickets work: those of callers who may still do what the tickets permit. */
@ExtendWith(ServerOfProjects.class)
class TicketRightsWireTest {
  private static final String DATA = TicketWireTest.DATA;

  private final ServerOfProjects server;
  private final TestingApi owner;
  private final TestingTickets tickets;

  TicketRightsWireTest(ServerOfProjects server) {
    this.server = server;
    this.owner = server.member("demo");
    this.tickets = of(owner);
  }

  private TestingTickets of(TestingApi maker) {
    return new TestingTickets(maker, server.stranger());
  }

  private String image() throws Exception {
    return owner.create(DATA.getBytes(US_ASCII));
  }

  private static JsonObject method(String method) {
    return TestingTickets.asking(method);
  }

  @Test
  void worksWithoutAToken() throws Exception {
    var image = owner.create();

    assertThat(tickets.put(tickets.make(image, "upload"), DATA).statusCode()).isEqualTo(204);

    assertThat(tickets.get(tickets.make(image, "download")).body()).isEqualTo(DATA);
  }

  @Test
  void areNothingToOtherProjects() throws Exception {
    var image = image();
    var ticket = tickets.make(image, "download");
    var other = server.member("alt");

    assertThat(of(other).ask(image, method("download")).statusCode()).isEqualTo(404);
    assertThat(other.call("GET", all(image)).statusCode()).isEqualTo(404);
    assertThat(other.call("GET", one(ticket)).statusCode()).isEqualTo(404);
    assertThat(other.call("DELETE", one(ticket)).statusCode()).isEqualTo(404);
    assertThat(tickets.get(ticket).body()).isEqualTo(DATA);
  }

  @Test
  void areNotForReadersNorForMembersOfImages() throws Exception {
    var image = image();
    var ticket = tickets.make(image, "download");
    var shared = new JsonObject().put("member", "alt");
    assertThat(owner.post("/v2/images/" + image + "/members", shared).statusCode()).isEqualTo(200);

    for (var stranger : new TestingApi[] {server.as("demo", "reader"), server.member("alt")}) {
      assertThat(of(stranger).ask(image, method("download")).statusCode()).isEqualTo(403);
      assertThat(stranger.call("GET", all(image)).statusCode()).isEqualTo(403);
      assertThat(stranger.call("DELETE", one(ticket)).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void areForAdministrators() throws Exception {
    var image = owner.create();
    var byAdmin = of(server.admin());

    assertThat(byAdmin.put(byAdmin.make(image, "upload"), DATA).statusCode()).isEqualTo(204);

    var ticket = byAdmin.make(image, "download");
    assertThat(byAdmin.get(ticket).body()).isEqualTo(DATA);
    assertThat(owner.image(image).getString("owner")).isEqualTo("demo");
    // The owner sees and ends tickets of others for its image.
    assertThat(tickets.state(ticket)).isEqualTo("active");
    assertThat(tickets.revoke(ticket).statusCode()).isEqualTo(204);
    assertThat(byAdmin.get(ticket).statusCode()).isEqualTo(410);
  }

  @Test
  void openNoDeactivatedImageButForAdministrators() throws Exception {
    var image = image();
    var ticket = tickets.make(image, "download");
    var ofAdmin = of(server.admin()).make(image, "download");
    var path = "/v2/images/" + image + "/actions/deactivate";
    assertThat(server.admin().call("POST", path).statusCode()).isEqualTo(204);

    assertThat(tickets.get(ticket).statusCode()).isEqualTo(403);
    assertThat(tickets.get(ofAdmin).body()).isEqualTo(DATA);
  }

  @Test
  void endWithTheRightsOfTheirMaker() throws Exception {
    var image = image();
    var queued = owner.create();
    var download = tickets.make(image, "download");
    var upload = tickets.make(queued, "upload");

    for (var given : new String[] {image, queued}) {
      var owned = new JsonObject().put("op", "replace").put("path", "/owner").put("value", "alt");
      assertThat(server.admin().patch(given, new JsonArray().add(owned)).statusCode())
          .isEqualTo(200);
    }

    assertThat(tickets.get(download).statusCode()).isEqualTo(404);
    assertThat(tickets.put(upload, DATA).statusCode()).isEqualTo(404);
    var heir = of(server.member("alt"));
    assertThat(heir.revoke(download).statusCode()).isEqualTo(204);
    assertThat(heir.put(heir.make(queued, "upload"), DATA).statusCode()).isEqualTo(204);
  }
}
