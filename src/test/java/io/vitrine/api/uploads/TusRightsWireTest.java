package io.vitrine.api.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.ServerOfProjects;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who may upload: those who may also upload in one request. */
@ExtendWith(ServerOfProjects.class)
class TusRightsWireTest {
  private static final byte[] DATA = {1, 2, 3};

  private final ServerOfProjects server;
  private final TestingApi owner;

  TusRightsWireTest(ServerOfProjects server) {
    this.server = server;
    this.owner = server.member("demo");
  }

  private static void assertAnswers(TestingTus tus, String upload, int status) throws Exception {
    assertThat(tus.head(upload).statusCode()).isEqualTo(status);
    assertThat(tus.patch(upload, 0, DATA).statusCode()).isEqualTo(status);
    assertThat(tus.end(upload).statusCode()).isEqualTo(status);
  }

  @Test
  void hidesUploadsFromOtherProjects() throws Exception {
    var tus = new TestingTus(owner);
    var id = owner.create();
    var stranger = new TestingTus(server.member("alt"));

    assertThat(stranger.create(id, "Upload-Length", "3").statusCode()).isEqualTo(404);
    var upload = tus.begin(id, 3);
    assertAnswers(stranger, upload, 404);

    assertThat(tus.patch(upload, 0, DATA).statusCode()).isEqualTo(204);
  }

  @Test
  void letsReadersNotUpload() throws Exception {
    var tus = new TestingTus(owner);
    var id = owner.create();
    var reader = new TestingTus(server.as("demo", "reader"));

    assertThat(reader.create(id, "Upload-Length", "3").statusCode()).isEqualTo(403);
    var upload = tus.begin(id, 3);
    assertAnswers(reader, upload, 403);

    assertThat(tus.end(upload).statusCode()).isEqualTo(204);
  }

  @Test
  void letsOnlyTheOwnerJoin() throws Exception {
    var tus = new TestingTus(owner);
    var id = owner.create();
    var parts = List.of(tus.sendPart(id, DATA));
    var stranger = new TestingTus(server.member("alt"));
    var own = stranger.api.create();

    assertThat(stranger.create(id, "Upload-Length", "3", "Upload-Concat", "partial").statusCode())
        .isEqualTo(404);
    assertAnswers(stranger, parts.getFirst(), 404);
    assertThat(stranger.join(id, parts).statusCode()).isEqualTo(404);
    assertThat(stranger.join(own, parts).statusCode()).isEqualTo(400);
    assertThat(new TestingTus(server.as("demo", "reader")).join(id, parts).statusCode())
        .isEqualTo(403);

    assertThat(tus.join(id, parts).statusCode()).isEqualTo(201);
  }

  /** Members see the image, but do not own it. */
  @Test
  void letsMembersNotUpload() throws Exception {
    var id =
        owner.create(
            new JsonObject()
                .put("disk_format", "raw")
                .put("container_format", "bare")
                .put("visibility", "shared"));
    var added = owner.post("/v2/images/" + id + "/members", new JsonObject().put("member", "alt"));
    assertThat(added.statusCode()).isEqualTo(200);
    var upload = new TestingTus(owner).begin(id, 3);

    assertAnswers(new TestingTus(server.member("alt")), upload, 403);
    assertThat(new TestingTus(owner).end(upload).statusCode()).isEqualTo(204);
  }

  @Test
  void asksForTheRightsOfTheMoment() throws Exception {
    var admin = server.admin();
    var id = owner.create();
    var upload = new TestingTus(owner).begin(id, 3);

    var given =
        admin.patch(
            id,
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("op", "replace")
                        .put("path", "/owner")
                        .put("value", "alt")));

    assertThat(given.statusCode()).as(given.body()).isEqualTo(200);
    assertAnswers(new TestingTus(owner), upload, 404);
    var heir = new TestingTus(server.member("alt"));
    assertThat(heir.patch(upload, 0, DATA).statusCode()).isEqualTo(204);
  }
}
