package io.vitrine.api.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The properties that a server describes which is not told of others. */
@ExtendWith(SharedServer.class)
class BuiltinPropertiesWireTest {
  private static final String UUID = "71c675ab-d94f-49cd-a114-e12490b328d9";

  private final TestingApi api;

  BuiltinPropertiesWireTest(TestingServer server) {
    this.api = new TestingApi(server.port());
  }

  @Test
  void describesWhatGlanceDoes() throws Exception {
    var properties =
        new JsonObject(api.call("GET", "/v2/schemas/image").body()).getJsonObject("properties");

    var described =
        properties.stream()
            .filter(each -> ((JsonObject) each.getValue()).containsKey("is_base"))
            .map(each -> each.getKey());
    assertThat(described)
        .containsExactlyInAnyOrder(
            "kernel_id",
            "ramdisk_id",
            "instance_uuid",
            "architecture",
            "os_distro",
            "os_version",
            "description",
            "cinder_encryption_key_id",
            "cinder_encryption_key_deletion_policy");
    assertThat(properties.getJsonObject("kernel_id").getJsonArray("type"))
        .containsExactly("null", "string");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kernel_id", "ramdisk_id"})
  void showsNullWhereItWasSaid(String key) throws Exception {
    var created = new JsonObject(api.post("/v2/images", new JsonObject().putNull(key)).body());
    var id = created.getString("id");
    var path = "/v2/images/" + id;

    assertThat(created.getMap()).containsEntry(key, null);
    assertThat(new JsonObject(api.call("GET", path).body()).getMap()).containsEntry(key, null);
    assertThat(patched(id, "replace", key, UUID).getString(key)).isEqualTo(UUID);
    assertThat(patched(id, "add", key, null).getMap()).containsEntry(key, null);
    assertThat(patched(id, "remove", key, null).fieldNames()).doesNotContain(key);
    assertThat(api.patch(id, new JsonArray().add(operation("replace", key, null))).statusCode())
        .isEqualTo(409);
  }

  @ParameterizedTest
  @CsvSource({
    "kernel_id,71c675ab",
    "ramdisk_id,''",
    "cinder_encryption_key_deletion_policy,sometimes"
  })
  void refusesOtherValues(String key, String value) throws Exception {
    var answer = api.post("/v2/images", new JsonObject().put(key, value));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(key);
  }

  @Test
  void takesNullForNoOtherProperty() throws Exception {
    assertThat(api.post("/v2/images", new JsonObject().putNull("architecture")).statusCode())
        .isEqualTo(400);
    assertThat(api.post("/v2/images", new JsonObject().putNull("anything")).statusCode())
        .isEqualTo(400);
  }

  private JsonObject patched(String id, String op, String key, @Nullable String value)
      throws Exception {
    var answer = api.patch(id, new JsonArray().add(operation(op, key, value)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  private static JsonObject operation(String op, String key, @Nullable String value) {
    return new JsonObject().put("op", op).put("path", "/" + key).put("value", value);
  }
}
