package io.vitrine.api.images;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.ServerOfProjects;
import io.vitrine.testing.TestingConditions;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ServerOfProjects.class)
class ActionsWireTest {
  private static final byte[] DATA = "data".getBytes(UTF_8);

  private final ServerOfProjects server;
  private final TestingApi byOwner;
  private final TestingApi byOther;
  private final TestingApi byAdmin;

  ActionsWireTest(ServerOfProjects server) {
    this.server = server;
    byOwner = server.member("owner");
    byOther = server.member("other");
    byAdmin = server.admin();
  }

  private static int act(TestingApi api, String image, String action) throws Exception {
    return api.call("POST", "/v2/images/" + image + "/actions/" + action).statusCode();
  }

  @Test
  void withholdsDataFromAllButAdministrators() throws Exception {
    var image = byOwner.create(DATA);

    assertThat(act(byOwner, image, "deactivate")).isEqualTo(204);
    assertThat(act(byOwner, image, "deactivate")).isEqualTo(204);
    assertThat(byOwner.image(image).getString("status")).isEqualTo("deactivated");
    assertThat(byOwner.download(image).statusCode()).isEqualTo(403);
    assertThat(byAdmin.download(image).body()).isEqualTo(DATA);
    assertThat(act(byOwner, image, "reactivate")).isEqualTo(204);
    assertThat(act(byOwner, image, "reactivate")).isEqualTo(204);
    assertThat(byOwner.download(image).body()).isEqualTo(DATA);
  }

  @ParameterizedTest
  @ValueSource(strings = {"deactivate", "reactivate"})
  void refusesWhatHasNoData(String action) throws Exception {
    var image = byOwner.create();

    assertThat(act(byOwner, image, action)).isEqualTo(403);
    assertThat(act(byOther, image, action)).isEqualTo(404);
    assertThat(act(byOwner, UUID.randomUUID().toString(), action)).isEqualTo(404);
    assertThat(
            byOwner
                .send(
                    "POST",
                    "/v2/images/" + image + "/actions/" + action,
                    BodyPublishers.ofString("{}"))
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void refusesToActOnTheImagesOfOthers() throws Exception {
    var image =
        byAdmin.create(
            new JsonObject()
                .put("visibility", "public")
                .put("disk_format", "raw")
                .put("container_format", "bare"));
    assertThat(byAdmin.upload(image, DATA).statusCode()).isEqualTo(204);

    assertThat(act(byOther, image, "deactivate")).isEqualTo(403);
    assertThat(byOther.download(image).body()).isEqualTo(DATA);
  }

  @Test
  void removesTheDataOfADeactivatedImageWithIt() throws Exception {
    var before = server.blobs();
    var image = byOwner.create(DATA);
    assertThat(act(byOwner, image, "deactivate")).isEqualTo(204);

    assertThat(byOwner.call("DELETE", "/v2/images/" + image).statusCode()).isEqualTo(204);

    TestingConditions.await(server::blobs, files -> before.containsAll(files));
  }
}
