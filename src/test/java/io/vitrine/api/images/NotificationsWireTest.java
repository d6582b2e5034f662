package io.vitrine.api.images;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a webhook hears of images, though it is out of order for a time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NotificationsWireTest {
  private static final String SECRET = "sesame";
  private static final byte[] DATA = "some bytes".getBytes(UTF_8);

  private final Queue<Heard> heard = new ConcurrentLinkedQueue<>();
  private volatile boolean isBroken;
  private HttpServer receiver;
  private Path directory;
  private TestingServer server;
  private TestingApi api;

  private record Heard(String signature, String body) {
    JsonObject event() {
      return new JsonObject(body);
    }
  }

  @BeforeAll
  void start() throws Exception {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/hook", this::hear);
    receiver.start();
    directory = TestingServer.newDirectory();
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_NOTIFICATIONS__WEBHOOK__URLS",
                "http://127.0.0.1:%d/hook".formatted(receiver.getAddress().getPort()),
                "VITRINE_NOTIFICATIONS__WEBHOOK__SECRET",
                SECRET,
                "VITRINE_NOTIFICATIONS__PUBLISHER_ID",
                "image.testing",
                "VITRINE_NOTIFICATIONS__DISABLED",
                "task,metadef_tag.create"));
    api = new TestingApi(server.port());
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    receiver.stop(0);
    TestingServer.remove(directory);
  }

  private void hear(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    boolean isRefused = isBroken;
    if (!isRefused) {
      heard.add(new Heard(exchange.getRequestHeaders().getFirst("X-Hub-Signature-256"), body));
    }
    exchange.sendResponseHeaders(isRefused ? 503 : 204, -1);
    exchange.close();
  }

  private List<JsonObject> heardOf(String subject) {
    return heard.stream()
        .map(Heard::event)
        .filter(event -> event.getString("subject").equals(subject))
        .toList();
  }

  private List<String> types(String subject, int count) {
    return TestingConditions.await(() -> heardOf(subject), events -> events.size() >= count)
        .stream()
        .map(event -> event.getString("type"))
        .toList();
  }

  private String metric(String name) throws Exception {
    return new TestingApi(server.managementPort())
        .call("GET", "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void tellsTheLifeOfAnImageInItsOrder() throws Exception {
    isBroken = true;
    var image = api.create(DATA);
    TestingConditions.await(
        () -> metric("vitrine_notifications_failures_total"), line -> !line.endsWith(" 0.0"));
    TestingConditions.await(
        () -> metric("vitrine_notifications_pending"), line -> line.endsWith(" 6.0"));
    isBroken = false;
    var path = "/v2/images/" + image;
    assertThat(api.call("POST", path + "/actions/deactivate").statusCode()).isEqualTo(204);
    assertThat(api.call("POST", path + "/actions/reactivate").statusCode()).isEqualTo(204);
    api.post(path + "/members", new JsonObject().put("member", "guest"));
    api.call("DELETE", path + "/members/guest");
    assertThat(api.call("DELETE", path).statusCode()).isEqualTo(204);

    assertThat(types(image, 13))
        .containsExactly(
            "image.create",
            "image.update",
            "image.prepare",
            "image.upload",
            "image.activate",
            "image.update",
            "image.deactivate",
            "image.update",
            "image.reactivate",
            "image.update",
            "image.member.create",
            "image.member.delete",
            "image.delete");
  }

  @Test
  void saysWhatGlanceSays() throws Exception {
    var image = api.create(DATA);
    api.call("GET", "/v2/images/" + image + "/file");
    types(image, 7);
    var events = heardOf(image);

    var created = events.getFirst();
    assertThat(created.getString("specversion")).isEqualTo("1.0");
    assertThat(created.getString("source")).isEqualTo("image.testing");
    assertThat(created.getString("priority")).isEqualTo("info");
    assertThat(created.getJsonObject("data").fieldNames())
        .containsExactlyInAnyOrder(
            "id",
            "name",
            "status",
            "created_at",
            "updated_at",
            "min_disk",
            "min_ram",
            "protected",
            "checksum",
            "owner",
            "disk_format",
            "container_format",
            "size",
            "virtual_size",
            "is_public",
            "visibility",
            "properties",
            "tags",
            "deleted",
            "deleted_at");
    assertThat(created.getJsonObject("data").getString("created_at"))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    assertThat(events.get(2).getJsonObject("data").getString("backend")).isEqualTo("local");
    assertThat(events.get(4).getJsonObject("data").getString("status")).isEqualTo("active");
    assertThat(events.get(6).getJsonObject("data"))
        .isEqualTo(
            new JsonObject()
                .put("bytes_sent", DATA.length)
                .put("image_id", image)
                .put("owner_id", TestingServer.PROJECT)
                .put("receiver_tenant_id", TestingServer.PROJECT)
                .put(
                    "receiver_user_id",
                    events.get(6).getJsonObject("data").getValue("receiver_user_id"))
                .put("destination_ip", "127.0.0.1"));
  }

  @Test
  void signsEachBody() throws Exception {
    var image = api.create();
    types(image, 1);

    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
    assertThat(heard)
        .isNotEmpty()
        .allSatisfy(
            each ->
                assertThat(each.signature())
                    .isEqualTo(
                        "sha256="
                            + HexFormat.of().formatHex(mac.doFinal(each.body().getBytes(UTF_8)))));
  }

  @Test
  void tellsOfMetadataDefinitionsButNotOfWhatIsDisabled() throws Exception {
    api.post("/v2/metadefs/namespaces", new JsonObject().put("namespace", "Told"));
    var path = "/v2/metadefs/namespaces/Told";
    api.post(path + "/objects", new JsonObject().put("name", "thing"));
    api.call("POST", path + "/tags/mark");
    api.call("DELETE", path + "/tags/mark");
    api.send(
        "PUT",
        path,
        BodyPublishers.ofString(new JsonObject().put("namespace", "Renamed").encode()));
    api.call("DELETE", "/v2/metadefs/namespaces/Renamed");

    assertThat(types("Told", 3))
        .containsExactly("metadef_namespace.create", "metadef_object.create", "metadef_tag.delete");
    assertThat(types("Renamed", 2))
        .containsExactly("metadef_namespace.update", "metadef_namespace.delete");
    var renamed = heardOf("Renamed").getFirst().getJsonObject("data");
    assertThat(renamed.getString("namespace_old")).isEqualTo("Told");
  }
}
