package io.vitrine.api.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.ServerOfProjects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who may go on with a PUT by the draft: those who may also upload. */
@ExtendWith(ServerOfProjects.class)
class RufhRightsWireTest {
  private static final byte[] DATA = {1, 2, 3};

  private final ServerOfProjects server;
  private final TestingApi owner;

  RufhRightsWireTest(ServerOfProjects server) {
    this.server = server;
    this.owner = server.member("demo");
  }

  private static void assertAnswers(TestingApi api, String upload, int status) throws Exception {
    var rufh = new TestingRufh(api);
    assertThat(rufh.head(upload).statusCode()).isEqualTo(status);
    assertThat(rufh.patch(upload, 1, DATA, "?0").statusCode()).isEqualTo(status);
    assertThat(rufh.patch(upload, 0, DATA, "?1").statusCode()).isEqualTo(status);
    assertThat(api.call("DELETE", upload).statusCode()).isEqualTo(status);
  }

  @Test
  void hidesUploadsFromOtherProjects() throws Exception {
    var rufh = new TestingRufh(owner);
    var upload = rufh.begin(owner.create(), "file", DATA);

    assertAnswers(server.member("alt"), upload, 404);

    assertThat(rufh.patch(upload, 3, DATA, "?1").statusCode()).isEqualTo(204);
  }

  @Test
  void letsReadersNotGoOn() throws Exception {
    var rufh = new TestingRufh(owner);
    var upload = rufh.begin(owner.create(), "file", DATA);

    assertAnswers(server.as("demo", "reader"), upload, 403);

    assertThat(rufh.patch(upload, 3, DATA, "?1").statusCode()).isEqualTo(204);
  }

  @Test
  void asksForTheRightsOfTheMoment() throws Exception {
    var rufh = new TestingRufh(owner);
    var id = owner.create();
    var upload = rufh.begin(id, "file", DATA);
    var owned = new JsonObject().put("op", "replace").put("path", "/owner").put("value", "alt");

    var given = server.admin().patch(id, new JsonArray().add(owned));

    assertThat(given.statusCode()).as(given.body()).isEqualTo(200);
    assertAnswers(owner, upload, 404);
    var heir = new TestingRufh(server.member("alt"));
    assertThat(heir.patch(upload, 3, DATA, "?1").statusCode()).isEqualTo(204);
  }
}
