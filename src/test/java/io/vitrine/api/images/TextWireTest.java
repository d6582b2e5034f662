package io.vitrine.api.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text that is no Unicode, wherever text enters. */
@ExtendWith(SharedServer.class)
class TextWireTest {
  private static final List<String> NO_TEXT =
      List.of(
          "\\ud800",
          "\\udc80",
          "a\\ud800b",
          "\\udc00\\ud800",
          "\\u0000",
          "\u00ed\u00a0\u0080",
          "\u00c0\u0080",
          "\u00ff");

  private final int port;
  private final TestingApi api;

  TextWireTest(TestingServer server) {
    this.port = server.port();
    this.api = new TestingApi(port);
  }

  private int status(String method, String target, String body) throws Exception {
    var type = method.equals("PATCH") ? TestingApi.PATCH_TYPE : "application/json";
    try (var connection = new RawConnection(port)) {
      return connection
          .send(
              "%s %s HTTP/1.1\r\nHost: test\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                  .formatted(method, target, type, body.getBytes(ISO_8859_1).length, body))
          .read()
          .status();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "POST | /images | {\"name\": \"@\"}",
        "POST | /images | {\"@\": \"x\"}",
        "POST | /images | {\"x\": \"@\"}",
        "POST | /images | {\"tags\": [\"@\"]}",
        "POST | /images | {\"owner\": \"@\"}",
        "POST | /images | {\"disk_format\": \"@\"}",
        "PATCH | /images/% | [{\"op\": \"add\", \"path\": \"/x\", \"value\": \"@\"}]",
        "PATCH | /images/% | [{\"op\": \"add\", \"path\": \"/@\", \"value\": \"x\"}]",
        "PATCH | /images/% | [{\"op\": \"replace\", \"path\": \"/tags\", \"value\": [\"@\"]}]",
        "PATCH | /images/% | [{\"op\": \"add\", \"path\": \"/locations/-\","
            + " \"value\": {\"url\": \"http://a/@\", \"metadata\": {}}}]",
        "POST | /images/%/import | {\"method\": {\"name\": \"web-download\", \"uri\": \"@\"}}",
        "POST | /images/%/import | {\"method\": {\"name\": \"web-download\", \"uri\":"
            + " \"http://a/@\"}}",
        "POST | /images/%/import | {\"method\": {\"name\": \"@\"}}",
        "POST | /images/%/import | {\"method\": {\"name\": \"copy-image\"}, \"stores\": [\"@\"]}",
        "POST | /tasks | {\"type\": \"import\", \"input\": {\"import_from\": \"http://a/@\","
            + " \"import_from_format\": \"raw\", \"image_properties\": {}}}",
        "POST | /tasks | {\"type\": \"import\", \"input\": {\"import_from\": \"http://a/\","
            + " \"import_from_format\": \"raw\", \"image_properties\": {\"x\": \"@\"}}}",
        "POST | /images/%/locations | {\"url\": \"http://a/@\"}",
        "POST | /images/%/members | {\"member\": \"@\"}",
        "PUT | /images/%/members/x | {\"status\": \"@\"}",
        "POST | /metadefs/namespaces | {\"namespace\": \"@\"}",
        "POST | /metadefs/namespaces | {\"namespace\": \"x\", \"description\": \"@\"}",
        "POST | /metadefs/namespaces/x/objects | {\"name\": \"@\"}",
        "POST | /metadefs/namespaces/x/tags | {\"tags\": [{\"name\": \"@\"}]}",
      })
  void isRefusedInBodies(String method, String path, String body) throws Exception {
    var target = "/v2" + path.replace("%", api.create());

    for (var text : NO_TEXT) {
      assertThat(status(method, target, body.replace("@", text))).as(text).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/images?name=@",
        "/images?@=x",
        "/images?x=@",
        "/images?tag=@",
        "/images?owner=@",
        "/images?name=in:a,@",
        "/images?sort_key=@",
        "/images?marker=@",
        "/images?limit=@",
        "/images/@",
        "/images/%/members/@",
        "/images/%/file?prefer=@",
        "/tasks?marker=@",
        "/tasks/@",
        "/metadefs/namespaces/@",
        "/metadefs/namespaces?resource_types=@",
        "/metadefs/namespaces/x/objects/@",
        "/cache/nodes/@",
        "/@",
      })
  void isRefusedInTargets(String path) throws Exception {
    var target = "/v2" + path.replace("%", api.create());

    for (var text :
        List.of("%ED%A0%80", "%ED%B0%80x", "%C0%80", "%FF", "%00", "%E9", "%F5%80%80%80")) {
      assertThat(status("GET", target.replace("@", text), "")).as(text).isEqualTo(400);
    }
  }

  /** As Glance does, whose Python leaves it as it is. */
  @Test
  void takesAPercentSignThatBeginsNoEscapeForItself() throws Exception {
    var id = api.create(new JsonObject().put("tags", new JsonArray().add("a%@b")));

    assertThat(status("PUT", "/v2/images/" + id + "/tags/c%%40d%z", "")).isEqualTo(204);
    assertThat(status("GET", "/v2/images/%", "")).isEqualTo(404);

    assertThat(api.image(id).getJsonArray("tags")).containsExactlyInAnyOrder("a%@b", "c%@d%z");
    try (var connection = new RawConnection(port)) {
      var listed =
          connection.send("GET /v2/images?tag=a%%40b HTTP/1.1\r\nHost: test\r\n\r\n").read();
      assertThat(listed.status()).isEqualTo(200);
      assertThat(listed.body()).contains(id);
    }
  }
}
