package io.vitrine.api.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.ServerOfProjects;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ServerOfProjects.class)
class TagsWireTest {
  private final TestingApi byOwner;
  private final TestingApi byOther;
  private final TestingApi byAdmin;

  TagsWireTest(ServerOfProjects server) {
    byOwner = server.member("owner");
    byOther = server.member("other");
    byAdmin = server.admin();
  }

  private static int tag(TestingApi api, String method, String image, String tag) throws Exception {
    return api.call(method, "/v2/images/" + image + "/tags/" + tag).statusCode();
  }

  @Test
  void putsAndTakesTags() throws Exception {
    var image = byOwner.create();

    assertThat(tag(byOwner, "PUT", image, "b")).isEqualTo(204);
    assertThat(tag(byOwner, "PUT", image, "b")).isEqualTo(204);
    assertThat(tag(byOwner, "PUT", image, "%C3%A4%20%2F+x")).isEqualTo(204);
    assertThat(byOwner.image(image).getJsonArray("tags")).containsExactly("b", "ä /+x");
    assertThat(tag(byOwner, "DELETE", image, "b")).isEqualTo(204);
    assertThat(tag(byOwner, "DELETE", image, "b")).isEqualTo(404);
    assertThat(tag(byOwner, "DELETE", image, "%C3%A4%20%2F+x")).isEqualTo(204);
    assertThat(byOwner.image(image).getJsonArray("tags")).isEmpty();
  }

  @Test
  void refusesTagsThatAreNot() throws Exception {
    var image = byOwner.create();

    assertThat(tag(byOwner, "PUT", image, "x".repeat(255))).isEqualTo(204);
    assertThat(tag(byOwner, "PUT", image, "x".repeat(256))).isEqualTo(400);
    assertThat(tag(byOwner, "PUT", image, "%F0%9F%98%80")).isEqualTo(400);
    assertThat(tag(byOwner, "PUT", image, "%00")).isEqualTo(400);
    assertThat(
            byOwner
                .send("PUT", "/v2/images/" + image + "/tags/a", BodyPublishers.ofString("x"))
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void refusesTheImagesOfOthers() throws Exception {
    var secret = byOwner.create();
    var open = byAdmin.create(new JsonObject().put("visibility", "public"));

    assertThat(tag(byOther, "PUT", secret, "a")).isEqualTo(404);
    assertThat(tag(byOther, "PUT", open, "a")).isEqualTo(403);
    assertThat(tag(byOther, "DELETE", open, "a")).isEqualTo(403);
    assertThat(tag(byOwner, "PUT", UUID.randomUUID().toString(), "a")).isEqualTo(404);
  }

  @Test
  void countsTags() throws Exception {
    var tags = new JsonArray(IntStream.range(0, 128).mapToObj(n -> "t" + n).toList());
    var image = byOwner.create(new JsonObject().put("tags", tags));

    assertThat(tag(byOwner, "PUT", image, "t0")).isEqualTo(204);
    assertThat(tag(byOwner, "PUT", image, "more")).isEqualTo(413);
  }
}
