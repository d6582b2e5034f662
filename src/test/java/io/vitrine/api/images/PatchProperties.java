package io.vitrine.api.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.ServerOfProjects;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Compares images after patches of both dialects with those of a model. */
class PatchProperties {
  @SuppressWarnings("NullAway.Init")
  private static ServerOfProjects.Running running;

  @SuppressWarnings("NullAway.Init")
  private static TestingApi api;

  @BeforeContainer
  static void start() {
    running = ServerOfProjects.Running.start();
    api = running.server().member("a");
  }

  @AfterContainer
  static void stop() throws Exception {
    running.close();
  }

  @Provide
  Arbitrary<List<RandomPatch>> patches() {
    return RandomPatch.arbitrary().list().ofSize(20);
  }

  @Property(tries = 20, shrinking = ShrinkingMode.OFF)
  void changeAnImageAsTheModelOrNotAtAll(@ForAll("patches") List<RandomPatch> patches)
      throws Exception {
    for (var id : List.of(api.create(), api.create(new byte[] {1}))) {
      for (var patch : patches) {
        var before = api.image(id);
        var model = PatchModel.of(before, patch);

        var answer = send(id, patch);

        if (model.faults().isEmpty()) {
          assertThat(answer.statusCode()).as("%s %s", patch, answer.body()).isEqualTo(200);
          assertThat(undated(new JsonObject(answer.body())))
              .as("%s of %s", patch, before)
              .isEqualTo(undated(model.image()));
          assertThat(undated(api.image(id))).isEqualTo(undated(model.image()));
        } else {
          assertThat(model.faults())
              .as("%s of %s: %s", patch, before, answer.body())
              .contains(answer.statusCode());
          assertThat(api.image(id)).isEqualTo(before);
        }
      }
    }
  }

  private static HttpResponse<String> send(String id, RandomPatch patch) throws Exception {
    return api.send(
        "PATCH",
        "/v2/images/" + id,
        BodyPublishers.ofString(patch.operations().encode()),
        "Content-Type",
        "application/openstack-images-v2.%d-json-patch".formatted(patch.isDraft4() ? 0 : 1));
  }

  private static JsonObject undated(JsonObject image) {
    image.remove("updated_at");
    return image;
  }
}
