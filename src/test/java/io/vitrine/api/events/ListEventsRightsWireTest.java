package io.vitrine.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.app.ServerOfProjects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who is told of which images: whoever would find them in the list. */
@ExtendWith(ServerOfProjects.class)
class ListEventsRightsWireTest {
  private final ServerOfProjects server;
  private final TestingApi owner;

  ListEventsRightsWireTest(ServerOfProjects server) {
    this.server = server;
    this.owner = server.member("demo");
  }

  private TestingEvents listen(String token) throws Exception {
    return TestingEvents.openList(server.port(), "X-Auth-Token", token);
  }

  private static String create(TestingApi api, String visibility) throws Exception {
    return api.create(
        new JsonObject()
            .put("disk_format", "raw")
            .put("container_format", "bare")
            .put("visibility", visibility));
  }

  private void upload(String image) throws Exception {
    assertThat(owner.upload(image, new byte[] {1}).statusCode()).isEqualTo(204);
  }

  @Test
  void tellsOnlyThoseWhoseListHasTheImage() throws Exception {
    try (var own = listen("demo:member,reader");
        var foreign = listen("alt:member,reader");
        var admin = listen("operators:admin,member,reader")) {
      var hidden = create(owner, "private");
      var community = create(owner, "community");
      var shared = create(owner, "shared");
      upload(hidden);
      upload(community);
      var open = create(server.admin(), "public");

      own.await(hidden, "active");
      own.await(community, "active");
      own.await(open, "queued");
      admin.await(hidden, "active");
      admin.await(community, "active");
      foreign.await(open, "queued");
      assertThat(foreign.of(hidden)).isEmpty();
      assertThat(foreign.of(community)).isEmpty();
      assertThat(foreign.of(shared)).isEmpty();

      assertThat(
              owner
                  .post("/v2/images/" + shared + "/members", new JsonObject().put("member", "alt"))
                  .statusCode())
          .isEqualTo(200);
      foreign.await(shared, "queued");
      upload(shared);
      foreign.await(shared, "active");
    }
  }

  @Test
  void keepsQuietAboutWhatIsNoLongerSeen() throws Exception {
    var id = create(server.admin(), "public");
    try (var events = listen("alt:member,reader");
        var admin = listen("operators:admin,member,reader")) {
      var change =
          new JsonObject().put("op", "replace").put("path", "/visibility").put("value", "private");
      assertThat(server.admin().patch(id, new JsonArray().add(change)).statusCode()).isEqualTo(200);

      admin.await(event -> event.isOf(id) && event.has("visibility", "private"));
      var sign = create(server.admin(), "public");
      events.await(sign, "queued");
      assertThat(events.of(id)).isEmpty();
    }
  }

  @Test
  void tellsNobodyElseHowFarUploadsAre() throws Exception {
    var data = new byte[3 << 20];
    var id = create(owner, "private");
    try (var own = listen("demo:member,reader");
        var foreign = listen("alt:member,reader");
        var connection = new RawConnection(server.port())) {
      connection
          .put(
              "/v2/images/" + id + "/file",
              "X-Auth-Token: demo:member,reader\r\nContent-Length: %d\r\n"
                  .formatted(data.length + 1))
          .send(data);
      own.await(event -> event.name().equals("progress") && event.isOf(id));
      connection.send(new byte[1]);
      assertThat(connection.readHead().status()).isEqualTo(204);
      own.await(id, "active");
      var sign = create(server.admin(), "public");
      foreign.await(sign, "queued");

      assertThat(foreign.of(id)).isEmpty();
    }
  }
}
