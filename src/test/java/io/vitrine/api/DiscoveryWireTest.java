package io.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedServer.class)
class DiscoveryWireTest {
  private static final String ABSENT = "/v2/images/00000000-0000-0000-0000-000000000000";
  private static final String REQUEST_ID = "X-Openstack-Request-Id";

  private final TestingApi api;
  private final int port;

  DiscoveryWireTest(TestingServer server) {
    this.port = server.port();
    this.api = new TestingApi(port);
  }

  @Test
  void listsTheVersions() throws Exception {
    var answer = api.call("GET", "/versions");

    var versions = new JsonObject(answer.body()).getJsonArray("versions");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(versions.getJsonObject(0))
        .isEqualTo(
            new JsonObject()
                .put("id", "v2.17")
                .put("status", "CURRENT")
                .put(
                    "links",
                    new JsonArray()
                        .add(
                            new JsonObject()
                                .put("rel", "self")
                                .put("href", "http://127.0.0.1:" + port + "/v2/"))));
    assertThat(versions.getJsonObject(versions.size() - 1).getString("id")).isEqualTo("v2.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"members", "tasks"})
  void linksSchemasOfListsWithoutPagesToTheirDescription(String name) throws Exception {
    var schema = new JsonObject(api.call("GET", "/v2/schemas/" + name).body());

    assertThat(schema.getJsonArray("links"))
        .containsExactly(new JsonObject().put("rel", "describedby").put("href", "{schema}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/v1/images", "/v3/images", "/v2.99/images", "/images"})
  void offersChoicesOutsideTheVersions(String path) throws Exception {
    var answer = api.call("GET", path);

    assertThat(answer.statusCode()).isEqualTo(300);
    assertThat(new JsonObject(answer.body()).getJsonArray("versions")).isNotEmpty();
  }

  @Test
  void leadsToTheSlash() throws Exception {
    var answer = api.call("GET", "/v2");

    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(answer.headers().firstValue("Location"))
        .hasValue("http://127.0.0.1:" + port + "/v2/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/", "/v2.7/", "/v2/nothing", "/v2/images/1/nothing"})
  void findsNothingWhereNothingIs(String path) throws Exception {
    assertThat(api.call("GET", path).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v2", "v2.0", "v2.1", "v2.2", "v2.3", "v2.4", "v2.5", "v2.6", "v2.7", "v2.8", "v2.9",
        "v2.10", "v2.11", "v2.12", "v2.13", "v2.15", "v2.17"
      })
  void servesEveryVersionAlike(String version) throws Exception {
    var answer = api.call("GET", "/" + version + "/images?limit=1");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(answer.body()).getString("first")).isEqualTo("/v2/images?limit=1");
  }

  @Test
  void takesTheVersionFromTheVendorType() throws Exception {
    var vendor = "application/vnd.openstack.images-v2.3";

    assertThat(api.call("GET", "/images?limit=1", "Accept", vendor).statusCode()).isEqualTo(200);
    assertThat(
            api.call("GET", "/images", "Accept", "application/vnd.openstack.images-v9")
                .statusCode())
        .isEqualTo(300);
  }

  @Test
  void saysThatItIsWell() throws Exception {
    var answer = api.call("GET", "/healthcheck");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("OK");
  }

  @Test
  void tellsMethodsStoresAndSchemas() throws Exception {
    var methods = api.call("GET", "/v2/info/import");
    var stores = api.call("GET", "/v2/info/stores");
    var image = api.call("GET", "/v2/schemas/image");
    var images = api.call("GET", "/v2/schemas/images");

    assertThat(new JsonObject(methods.body()).getJsonObject("import-methods").getJsonArray("value"))
        .containsExactly("glance-direct", "web-download", "copy-image");
    assertThat(new JsonObject(stores.body()).getJsonArray("stores"))
        .containsExactlyInAnyOrder(
            new JsonObject().put("id", "local").put("default", "true"),
            new JsonObject().put("id", "archive").put("description", "Old images"));
    assertThat(new JsonObject(image.body()).getJsonObject("properties").fieldNames())
        .contains("id", "name", "disk_format", "os_hash_value");
    assertThat(new JsonObject(images.body()).getString("name")).isEqualTo("images");
  }

  @Test
  void explainsInPlainTextWhenNoTypeIsAskedFor() throws Exception {
    try (var connection = new RawConnection(port)) {
      connection.send("GET " + ABSENT + " HTTP/1.1\r\nHost: test\r\n\r\n");

      var answer = connection.read();

      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.headers()).containsEntry("content-type", "text/plain; charset=UTF-8");
      assertThat(answer.body())
          .isEqualTo(
              """
              404 Not Found

              No image found with ID 00000000-0000-0000-0000-000000000000

              """);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*/*",
        "text/html",
        "text/html,application/json;q=0.5",
        "application/json, text/html"
      })
  void explainsInHtmlForAnything(String accept) throws Exception {
    var answer = api.call("GET", ABSENT, "Accept", accept);

    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/html; charset=UTF-8");
    assertThat(answer.body())
        .contains("<h1>404 Not Found</h1>\n  No image found with ID 00000000-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "image/*", "application/json; charset=utf-8"})
  void explainsPlainlyForWhatIsNeither(String accept) throws Exception {
    var answer = api.call("GET", ABSENT, "Accept", accept);

    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; charset=UTF-8");
    assertThat(answer.body()).startsWith("404 Not Found\n\nNo image found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/*",
        "application/json;q=0.9,text/plain",
        "text/html;q=0.5, application/json",
        "text/html;q=0, */*"
      })
  void explainsInJsonWhereThatIsPreferred(String accept) throws Exception {
    var answer = api.call("GET", ABSENT, "Accept", accept);

    var body = new JsonObject(answer.body());
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValue("application/json; charset=UTF-8");
    assertThat(body.getString("code")).isEqualTo("404 Not Found");
    assertThat(body.getString("title")).isEqualTo("Not Found");
    assertThat(body.getString("message")).startsWith("No image found").contains("<br /><br />");
  }

  @ParameterizedTest
  @CsvSource({
    "PUT,/v2/images,'GET, POST'",
    "POST,/v2/images/1,'DELETE, GET, PATCH'",
    "HEAD,/v2/images,'GET, POST'",
    "POST,/v2/images/1/file,'GET, HEAD, PUT'",
    "GET,/v2/images/1/stage,PUT",
    "GET,/v2/images/1/import,POST",
    "DELETE,/v2/schemas/image,GET",
  })
  void namesTheMethodsThatAreAllowed(String method, String path, String allowed) throws Exception {
    var answer = api.call(method, path);

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/v2/schemas/image",
    "GET,/v2/schemas/images",
    "GET,/v2/info/import",
    "GET,/v2/info/stores",
    "GET,/v2/images/00000000-0000-0000-0000-000000000000",
    "GET,/v2/images/00000000-0000-0000-0000-000000000000/tasks",
    "GET,/v2/images/00000000-0000-0000-0000-000000000000/file",
    "DELETE,/v2/images/00000000-0000-0000-0000-000000000000",
  })
  void refusesABodyThatNobodyWants(String method, String path) throws Exception {
    assertThat(api.send(method, path, BodyPublishers.ofString("{}")).statusCode()).isEqualTo(400);
  }

  @Test
  void adoptsTheRequestIdAndMakesOne() throws Exception {
    var id = "req-" + UUID.randomUUID();

    assertThat(api.call("GET", "/versions", REQUEST_ID, id).headers().firstValue(REQUEST_ID))
        .hasValue(id);
    assertThat(api.call("GET", "/versions", REQUEST_ID, "mine").headers().firstValue(REQUEST_ID))
        .hasValue("req-mine");
    assertThat(api.call("GET", ABSENT).headers().firstValue(REQUEST_ID).orElseThrow())
        .matches("req-[0-9a-f-]{36}");
  }

  @Test
  void refusesARequestIdThatIsTooLong() throws Exception {
    assertThat(api.call("GET", "/versions", REQUEST_ID, "x".repeat(64)).statusCode())
        .isEqualTo(200);
    assertThat(api.call("GET", "/versions", REQUEST_ID, "x".repeat(65)).statusCode())
        .isEqualTo(431);
  }
}
