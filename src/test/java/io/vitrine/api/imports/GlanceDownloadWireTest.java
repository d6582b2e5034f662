package io.vitrine.api.imports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingKeystone;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Imports of images of another region, which here is the server itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GlanceDownloadWireTest {
  private static final byte[] DATA = "what lies in the other region".getBytes(UTF_8);

  private TestingKeystone keystone;
  private HttpServer other;
  private Path directory;
  private TestingServer server;
  private TestingApi api;

  @BeforeAll
  void start() throws Exception {
    keystone = TestingKeystone.start();
    directory = TestingServer.newDirectory();
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_IDENTITY__KIND", "keystone",
                "VITRINE_IDENTITY__KEYSTONE__URL", keystone.url(),
                "VITRINE_IDENTITY__KEYSTONE__PASSWORD", TestingKeystone.PASSWORD,
                "VITRINE_IMPORT__METHODS", "glance-direct,glance-download",
                "VITRINE_IMPORT__WEB_DOWNLOAD__MAX_ATTEMPTS", "1",
                "VITRINE_IMPORT__MAX_ATTEMPTS", "1"));
    keystone.issue("ann's", "ann", "a", "member", "reader");
    keystone.locate("image", "North", "public", "http://127.0.0.1:" + server.port() + "/");
    keystone.locate("image", "South", "public", "http://127.0.0.1:1");
    other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.start();
    keystone.locate("image", "East", "public", url(other) + "/v2");
    api = new TestingApi(server.port(), "X-Auth-Token", "ann's");
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    other.stop(0);
    keystone.close();
    TestingServer.remove(directory);
  }

  @Test
  void isOfferedWhenItIsConfigured() throws Exception {
    var offered = new JsonObject(api.call("GET", "/v2/info/import").body());

    assertThat(offered.getJsonObject("import-methods").getJsonArray("value"))
        .containsExactly("glance-direct", "glance-download");
  }

  @Test
  void takesOverDataFormatsAndSomeProperties() throws Exception {
    var source =
        api.create(
            image("raw", "ovf")
                .put("hw_cpu_cores", "5")
                .put("trait:STORAGE_DISK_SSD", "required")
                .put("os_distro", "rhel")
                .put("speed", "88mph"));
    assertThat(api.upload(source, DATA).statusCode()).isEqualTo(204);
    var copy = api.create(image("iso", "bare").put("hw_cpu_cores", "1").put("os_type", "linux"));

    var answer = importFrom(copy, method("north", source));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    var made = api.await(copy, "active");
    assertThat(made.getString("disk_format")).isEqualTo("raw");
    assertThat(made.getString("container_format")).isEqualTo("ovf");
    assertThat(made.getString("hw_cpu_cores")).isEqualTo("5");
    assertThat(made.getString("trait:STORAGE_DISK_SSD")).isEqualTo("required");
    assertThat(made.getString("os_distro")).isEqualTo("rhel");
    assertThat(made.getString("os_type")).isEqualTo("linux");
    assertThat(made.containsKey("speed")).isFalse();
    assertThat(made.getString("os_hash_value"))
        .isEqualTo(api.image(source).getString("os_hash_value"));
    assertThat(api.download(copy).body()).isEqualTo(DATA);
  }

  @Test
  void showsTheTaskWithoutTheToken() throws Exception {
    var source = api.create(DATA);
    var copy = api.create();

    importFrom(copy, method("North", source));
    api.await(copy, "active");

    var task = api.task(copy);
    assertThat(task.getJsonObject("input").getJsonObject("import_req").getJsonObject("method"))
        .isEqualTo(
            new JsonObject()
                .put("name", "glance-download")
                .put("glance_region", "North")
                .put("glance_image_id", source)
                .put("glance_service_interface", "public"));
    assertThat(task.encode()).doesNotContain("ann's");
  }

  @Test
  void failsTheTaskWhenTheRegionIsNotKnown() throws Exception {
    var id = api.create(image("raw", "bare").put("hw_cpu_cores", "1").put("os_distro", "windows"));

    var answer =
        importFrom(
            id,
            method("nowhere", UUID.randomUUID().toString())
                .put("glance_service_interface", "not an interface"));

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(failed(id)).contains("service catalog");
    var image = api.image(id);
    assertThat(image.getString("status")).isEqualTo("queued");
    assertThat(image.getString("hw_cpu_cores")).isEqualTo("1");
    assertThat(image.getString("os_distro")).isEqualTo("windows");
  }

  @Test
  void failsTheTaskWhenTheRegionDoesNotAnswer() throws Exception {
    var id = api.create();

    importFrom(id, method("South", UUID.randomUUID().toString()));

    assertThat(failed(id)).contains("cannot be reached");
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
  }

  @Test
  void failsTheTaskWhenTheImageIsNotThere() throws Exception {
    var id = api.create();

    importFrom(id, method("North", UUID.randomUUID().toString()));

    assertThat(failed(id)).contains("404");
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
  }

  @Test
  void failsTheTaskWhenTheImageIsNotActive() throws Exception {
    var source = api.create(image("qcow2", "bare").put("os_distro", "rhel"));
    var id = api.create();

    importFrom(id, method("North", source));

    assertThat(failed(id)).contains("not active");
    var image = api.image(id);
    assertThat(image.getString("disk_format")).isEqualTo("raw");
    assertThat(image.containsKey("os_distro")).isFalse();
  }

  @Test
  void failsTheTaskWhenTheDataIsNotWhatTheRegionSaid() throws Exception {
    var shorter = api.create();
    var changed = api.create();

    importFrom(shorter, method("East", elsewhere(DATA.length + 1, "00")));
    importFrom(changed, method("East", elsewhere(DATA.length, "00")));

    assertThat(failed(shorter)).contains("of an image of " + (DATA.length + 1));
    assertThat(failed(changed)).contains("digest");
    assertThat(api.image(changed).getString("status")).isEqualTo("queued");
  }

  @Test
  void goesOnWhereTheConnectionWasCut() throws Exception {
    var source = elsewhere(DATA.length, sha512(DATA));
    var asked = new ConcurrentLinkedQueue<String>();
    other.removeContext("/v2/images/" + source + "/file");
    other.createContext(
        "/v2/images/" + source + "/file",
        exchange -> {
          var range = exchange.getRequestHeaders().getFirst("Range");
          asked.add(range + " " + exchange.getRequestHeaders().getFirst("X-Auth-Token"));
          int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
          exchange
              .getResponseHeaders()
              .set("Content-Range", "bytes %d-%d/%d".formatted(from, DATA.length - 1, DATA.length));
          exchange.sendResponseHeaders(from == 0 ? 200 : 206, DATA.length - from);
          exchange.getResponseBody().write(DATA, from, Math.min(DATA.length - from, 3));
          exchange.getResponseBody().flush();
          exchange.close();
        });
    var id = api.create();

    importFrom(id, method("East", source));

    var task =
        TestingConditions.await(() -> api.task(id), seen -> seen.getString("expires_at") != null);
    assertThat(task.getString("message")).startsWith("Imported");
    assertThat(asked).contains("null ann's", "bytes=3- ann's");
    assertThat(api.download(id).body()).isEqualTo(DATA);
  }

  private static String sha512(byte[] data) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(data));
  }

  @Test
  void takesTheTokenNowhereElse() throws Exception {
    var seen = new ConcurrentLinkedQueue<String>();
    var image = UUID.randomUUID().toString();
    other.createContext(
        "/elsewhere",
        exchange -> {
          seen.add(exchange.getRequestHeaders().toString());
          answer(exchange, 200, "{}".getBytes(UTF_8));
        });
    other.createContext(
        "/v2/images/" + image,
        exchange -> {
          exchange.getResponseHeaders().set("Location", url(other) + "/elsewhere");
          answer(exchange, 302, "{}".getBytes(UTF_8));
        });
    var id = api.create();

    importFrom(id, method("East", image));

    assertThat(failed(id)).contains("302");
    assertThat(seen).isEmpty();
  }

  /** An image of the other region that has the data but is said to be something else. */
  private String elsewhere(long size, String hash) {
    var id = UUID.randomUUID().toString();
    var shown =
        image("raw", "bare")
            .put("status", "active")
            .put("size", size)
            .put("os_hash_algo", "sha512")
            .put("os_hash_value", hash);
    other.createContext(
        "/v2/images/" + id, exchange -> answer(exchange, 200, shown.toBuffer().getBytes()));
    other.createContext("/v2/images/" + id + "/file", exchange -> answer(exchange, 200, DATA));
    return id;
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Test
  void refusesWhatIsNotWellFormed() throws Exception {
    var id = api.create();

    var malformed = importFrom(id, method("North", "foo"));
    var noImage = method("North", "");
    noImage.remove("glance_image_id");
    var noRegion = method("North", UUID.randomUUID().toString());
    noRegion.remove("glance_region");

    assertThat(malformed.statusCode()).isEqualTo(400);
    assertThat(malformed.body()).contains("image id does not look like a UUID");
    assertThat(importFrom(id, noImage).statusCode()).isEqualTo(400);
    assertThat(importFrom(id, noRegion).statusCode()).isEqualTo(400);
  }

  @Test
  void refusesAnImageThatHasData() throws Exception {
    var id = api.create(DATA);

    var answer = importFrom(id, method("North", UUID.randomUUID().toString()));

    assertThat(answer.statusCode()).isEqualTo(409);
  }

  private String failed(String id) {
    return TestingConditions.await(
            () -> api.task(id), task -> task.getString("status").equals("failure"))
        .getString("message");
  }

  private HttpResponse<String> importFrom(String id, JsonObject method) throws Exception {
    return api.post(
        "/v2/images/" + id + "/import",
        new JsonObject().put("method", method).put("stores", new JsonArray().add("local")));
  }

  private static JsonObject method(String region, String image) {
    return new JsonObject()
        .put("name", "glance-download")
        .put("glance_region", region)
        .put("glance_image_id", image);
  }

  private static JsonObject image(String diskFormat, String containerFormat) {
    return new JsonObject().put("disk_format", diskFormat).put("container_format", containerFormat);
  }
}
