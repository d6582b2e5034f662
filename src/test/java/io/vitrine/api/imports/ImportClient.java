package io.vitrine.api.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.testing.TestingConditions;
import java.net.http.HttpResponse;

/** Asks for imports, and waits for their ends. */
record ImportClient(TestingApi api) {
  static JsonObject method(JsonObject method) {
    return new JsonObject().put("method", method);
  }

  static JsonObject web(String uri) {
    return method(new JsonObject().put("name", "web-download").put("uri", uri));
  }

  HttpResponse<String> submit(String id, JsonObject request) throws Exception {
    return api.post("/v2/images/" + id + "/import", request);
  }

  void assertSucceeded(String id) {
    var task =
        TestingConditions.await(() -> api.task(id), seen -> seen.getString("expires_at") != null);
    assertThat(task.getString("status")).as(task.getString("message")).isEqualTo("success");
  }

  /** The import fails for the reason, and leaves the image as it was. */
  void assertFailed(String id, String reason) throws Exception {
    var task =
        TestingConditions.await(
            () -> api.task(id), seen -> seen.getString("status").equals("failure"));
    assertThat(task.getString("message")).contains(reason).doesNotContain("/etc", "Exception");
    var image = api.image(id);
    assertThat(image.getString("status")).isEqualTo("queued");
    assertThat(image.getLong("size")).isNull();
    assertThat(image.getString("os_glance_failed_import")).isEqualTo("local");
    assertThat(image.getString("os_glance_importing_to_stores")).isEmpty();
  }
}
