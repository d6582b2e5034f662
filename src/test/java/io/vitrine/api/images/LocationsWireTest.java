package io.vitrine.api.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images whose data stays on a server of others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocationsWireTest {
  private static final byte[] DATA = UploadWireTest.data(3 << 20);

  private final Path directory;
  private final TestingSource source;
  private final TestingServer server;
  private final TestingApi api;

  LocationsWireTest() throws Exception {
    directory = TestingServer.newDirectory();
    source = TestingSource.start();
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_IMPORT__MAX_ATTEMPTS",
                "1",
                "VITRINE_IMAGE__SHOW_MULTIPLE_LOCATIONS",
                "true",
                "VITRINE_IMAGE__SHOW_IMAGE_DIRECT_URL",
                "true"),
            """
            stores:
              backends:
                web: {kind: http}
                strict: {kind: http, http: {allowed_hosts: [127.0.0.1], compare_length: true}}
            """);
    api = new TestingApi(server.port());
  }

  @AfterAll
  void close() throws IOException {
    server.close();
    source.close();
    TestingServer.remove(directory);
  }

  private HttpResponse<String> add(String id, JsonObject location) throws Exception {
    return api.post("/v2/images/" + id + "/locations", location);
  }

  private static JsonObject at(String url) {
    return new JsonObject().put("url", url);
  }

  private static JsonObject at(String url, String algorithm, String value) {
    return at(url)
        .put(
            "validation_data",
            new JsonObject().put("os_hash_algo", algorithm).put("os_hash_value", value));
  }

  private static String hash(String algorithm) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(DATA));
  }

  private JsonObject settled(String id) {
    return TestingConditions.await(
        () -> api.image(id), image -> !image.containsKey("os_glance_import_task"));
  }

  @Test
  void isActiveOnceTheDataHasTheHashThatWasGiven() throws Exception {
    var id = api.create();
    var url = source.serve(DATA);

    assertThat(add(id, at(url, "sha256", hash("SHA-256"))).statusCode()).isEqualTo(202);

    var image = settled(id);
    assertThat(image.getString("status")).isEqualTo("active");
    assertThat(image.getString("os_hash_algo")).isEqualTo("sha256");
    assertThat(image.getString("os_hash_value")).isEqualTo(hash("SHA-256"));
    assertThat(image.getString("checksum")).isEqualTo(hash("MD5"));
    assertThat(image.getLong("size")).isEqualTo(DATA.length);
    assertThat(image.getString("stores")).isEqualTo("web");
    assertThat(image.getString("direct_url")).isEqualTo(url);
    assertThat(Arrays.equals(api.download(id).body(), DATA)).isTrue();
    var part = api.download(id, "Range", "bytes=2000000-2999999");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(DATA, 2_000_000, 3_000_000));
    var task = api.task(id);
    assertThat(task.getString("type")).isEqualTo("location_import");
    assertThat(task.getString("status")).isEqualTo("success");
  }

  @Test
  void hashesLaterWhatWasGivenWithoutAHash() throws Exception {
    var id = api.create();

    assertThat(add(id, at(source.serve(DATA))).statusCode()).isEqualTo(202);

    var image = settled(id);
    assertThat(image.getString("status")).isEqualTo("active");
    assertThat(image.getString("os_hash_algo")).isEqualTo("sha512");
    assertThat(image.getString("os_hash_value")).isEqualTo(hash("SHA-512"));
    var found = api.call("GET", "/v2/images?digest=sha256:" + hash("SHA-256"));
    assertThat(found.body()).contains(id);
  }

  @Test
  void tellsTheAlgorithmWhileTheDataIsBeingHashed() throws Exception {
    var id = api.create();
    var calls = new AtomicInteger();
    var hashing = new CountDownLatch(1);
    var url =
        source.serve(
            client -> {
              TestingSource.send(client, DATA, calls.incrementAndGet() == 1 ? DATA.length : 1);
              awaitQuietly(calls.get() == 1 ? new CountDownLatch(0) : hashing);
            });

    assertThat(add(id, at(url)).statusCode()).isEqualTo(202);
    var image =
        TestingConditions.await(
            () -> api.image(id), now -> now.getString("status").equals("active"));

    assertThat(image.getString("os_hash_algo")).isEqualTo("sha512");
    assertThat(image.getString("os_hash_value")).isNull();
    hashing.countDown();
    assertThat(settled(id).getString("os_hash_algo")).isNull();
    assertThat(api.image(id).getString("status")).isEqualTo("active");
  }

  @Test
  void asksForTheLengthWhereTheAnswerDoesNotSayIt() throws Exception {
    var id = api.create();
    var url =
        source.serve(
            (headers, client) -> {
              boolean isHead = "HEAD".equals(headers.get(":method"));
              var length = isHead ? "Content-Length: " + DATA.length + "\r\n" : "";
              client.write(
                  "HTTP/1.1 200 OK\r\n%sConnection: close\r\n\r\n"
                      .formatted(length)
                      .getBytes(StandardCharsets.US_ASCII));
              client.write(DATA, 0, isHead ? 0 : DATA.length);
            });

    assertThat(add(id, at(url)).statusCode()).isEqualTo(202);

    var image = settled(id);
    assertThat(image.getLong("size")).isEqualTo(DATA.length);
    assertThat(image.getString("os_hash_value")).isEqualTo(hash("SHA-512"));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void queuesTheImageAgainWhenTheDataHasAnotherHash() throws Exception {
    var id = api.create();

    assertThat(add(id, at(source.serve(DATA), "md5", "0".repeat(32))).statusCode()).isEqualTo(202);

    var image = settled(id);
    assertThat(image.getString("status")).isEqualTo("queued");
    assertThat(image.getString("stores")).isEqualTo("web");
    assertThat(image.getString("os_hash_value")).isNull();
    assertThat(api.download(id).statusCode()).isEqualTo(204);
    assertThat(api.upload(id, DATA).statusCode()).isEqualTo(204);
    assertThat(api.image(id).getString("stores")).isEqualTo("local");
  }

  @Test
  void tellsTheStateOfTheImageBeforeAHashOfTheWrongLength() throws Exception {
    var url = source.serve(DATA);
    var cut = at(url, "sha512", hash("SHA-256"));
    var unknown = at(url, "sha123", hash("SHA-256"));
    var missing = UUID.randomUUID().toString();
    var active = api.create(DATA);
    var queued = api.create();

    assertThat(add(missing, cut).statusCode()).isEqualTo(404);
    assertThat(add(active, cut).statusCode()).isEqualTo(409);
    assertThat(add(queued, cut).statusCode()).isEqualTo(400);
    for (var id : List.of(missing, active, queued)) {
      assertThat(add(id, unknown).statusCode()).isEqualTo(400);
    }
    assertThat(api.image(queued).getString("status")).isEqualTo("queued");
  }

  @Test
  void refusesWhatIsNoLocation() throws Exception {
    var id = api.create();
    var active = api.create(DATA);
    var url = source.serve(DATA);

    assertThat(add(active, at(url)).statusCode()).isEqualTo(409);
    assertThat(add(id, at("file:///etc/passwd")).statusCode()).isEqualTo(403);
    assertThat(add(id, at("http://10.0.0.1/image")).statusCode()).isEqualTo(400);
    assertThat(add(id, new JsonObject()).statusCode()).isEqualTo(400);
    assertThat(add(id, at(url, "sha512", "abc")).statusCode()).isEqualTo(400);
    assertThat(add(id, at(url, "crc32", "0".repeat(32))).statusCode()).isEqualTo(400);
    assertThat(
            add(id, at(url).put("validation_data", new JsonObject().put("os_hash_algo", "md5")))
                .statusCode())
        .isEqualTo(400);
    assertThat(add("00000000-0000-0000-0000-000000000000", at(url)).statusCode()).isEqualTo(404);
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
  }

  @Test
  void copiesDataOfOthersIntoAStore() throws Exception {
    var id = api.create();
    assertThat(add(id, at(source.serve(DATA))).statusCode()).isEqualTo(202);
    settled(id);
    var copy =
        new JsonObject()
            .put("method", new JsonObject().put("name", "copy-image"))
            .put("stores", new JsonArray().add("archive"));

    var answer = api.post("/v2/images/" + id + "/import", copy);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    var image = settled(id);
    assertThat(image.getString("stores")).isEqualTo("web,archive");
    assertThat(Arrays.equals(api.downloadFrom(id, "archive"), DATA)).isTrue();
    assertThat(api.call("DELETE", "/v2/stores/web/" + id).statusCode()).isEqualTo(204);
  }

  @ParameterizedTest
  @CsvSource({"404,204", "410,204", "403,503", "500,503"})
  void saysWhetherDataIsGoneOrOutOfReach(int found, int answered) throws Exception {
    var id = api.create();
    var calls = new AtomicInteger();
    var url =
        source.serve(
            client -> {
              if (calls.incrementAndGet() <= 2) {
                TestingSource.send(client, DATA, DATA.length);
              } else {
                client.write(
                    "HTTP/1.1 %d Sorry\r\nContent-Length: 0\r\n\r\n"
                        .formatted(found)
                        .getBytes(StandardCharsets.US_ASCII));
              }
            });
    assertThat(add(id, at(url)).statusCode()).isEqualTo(202);
    settled(id);

    var answer = api.download(id);

    assertThat(answer.statusCode()).isEqualTo(answered);
    assertThat(answer.headers().firstValue("ETag")).isEmpty();
  }

  @Test
  void showsWhereTheDataLies() throws Exception {
    var id = api.create(DATA);

    var image = api.image(id);
    var listed = api.call("GET", "/v2/images/" + id + "/locations");

    assertThat(listed.statusCode()).isEqualTo(200);
    var locations = new JsonArray(listed.body());
    assertThat(locations).isEqualTo(image.getJsonArray("locations"));
    assertThat(locations.getJsonObject(0).getJsonObject("metadata").getString("store"))
        .isEqualTo("local");
    assertThat(image.getString("direct_url"))
        .isEqualTo(locations.getJsonObject(0).getString("url"))
        .startsWith("file://" + server.store("local"));
  }

  private static JsonObject operation(String name, String path, Object value) {
    return new JsonObject().put("op", name).put("path", path).put("value", value);
  }

  private static JsonObject remove(String path) {
    return new JsonObject().put("op", "remove").put("path", path);
  }

  private static JsonObject location(String url) {
    return at(url).put("metadata", new JsonObject().put("note", "mine").putNull("none"));
  }

  private int patch(String id, JsonObject... operations) throws Exception {
    return api.patch(id, new JsonArray(Arrays.asList(operations))).statusCode();
  }

  @Test
  void makesAnImageActiveByItsFirstLocation() throws Exception {
    var id = api.create();
    var url = source.serve(DATA);
    var validation =
        new JsonObject()
            .put("os_hash_algo", "sha512")
            .put("os_hash_value", hash("SHA-512"))
            .put("checksum", hash("MD5"));

    var answer =
        api.patch(
            id,
            new JsonArray()
                .add(operation("add", "/name", "located"))
                .add(
                    operation(
                        "add", "/locations/-", location(url).put("validation_data", validation))));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    var image = new JsonObject(answer.body());
    assertThat(image.getString("status")).isEqualTo("active");
    assertThat(image.getString("name")).isEqualTo("located");
    assertThat(image.getLong("size")).isEqualTo(DATA.length);
    assertThat(image.getString("checksum")).isEqualTo(hash("MD5"));
    assertThat(image.getJsonArray("locations"))
        .containsExactly(
            at(url).put("metadata", new JsonObject().put("note", "mine").put("store", "web")));
    assertThat(Arrays.equals(api.download(id).body(), DATA)).isTrue();
  }

  @Test
  void changesLocationsByItsRules() throws Exception {
    var url = source.serve(DATA);
    var queued = api.create();
    var id = api.create(DATA);
    var wrong = new JsonObject().put("os_hash_algo", "md5").put("os_hash_value", hash("MD5"));

    assertThat(patch(queued, remove("/locations/0"))).isEqualTo(409);
    assertThat(patch(id, remove("/locations/0"))).isEqualTo(403);
    assertThat(patch(id, operation("replace", "/locations", new JsonArray()))).isEqualTo(403);
    assertThat(patch(id, operation("replace", "/locations", new JsonArray().add(location(url)))))
        .isEqualTo(400);
    assertThat(patch(id, operation("add", "/locations/-", location("file:///etc/passwd"))))
        .isEqualTo(400);
    assertThat(patch(id, operation("add", "/locations/-", location("file:///a b")))).isEqualTo(400);
    assertThat(patch(id, operation("add", "/locations/-", location("swift+config://x"))))
        .isEqualTo(400);
    assertThat(patch(queued, operation("replace", "/locations", new JsonArray()))).isEqualTo(403);
    assertThat(
            patch(
                queued,
                operation("add", "/locations/-", location(url).put("validation_data", wrong))))
        .isEqualTo(409);
    assertThat(patch(id, operation("add", "/locations/9", location(url)))).isEqualTo(200);
    assertThat(patch(id, operation("add", "/locations/-", location(url)))).isEqualTo(400);
    assertThat(api.image(id).getString("stores")).isEqualTo("local,web");
    assertThat(patch(id, remove("/locations/2"))).isEqualTo(400);
    assertThat(patch(id, remove("/locations/-"))).isEqualTo(200);
    assertThat(api.image(id).getString("stores")).isEqualTo("local");
    assertThat(patch(id, operation("add", "/locations/-", location(url)))).isEqualTo(200);
    assertThat(patch(id, remove("/locations/0"))).isEqualTo(200);

    assertThat(api.image(id).getString("stores")).isEqualTo("web");
    assertThat(api.image(queued).getString("status")).isEqualTo("queued");
  }

  private static JsonObject inStrict(String url) {
    return at(url).put("metadata", new JsonObject().put("store", "strict"));
  }

  @Test
  void comparesLengthsOnlyWhereThatIsAskedFor() throws Exception {
    var id = api.create(DATA);
    var longer = source.serve(Arrays.copyOf(DATA, DATA.length + 1));

    assertThat(patch(id, operation("add", "/locations/-", inStrict(longer)))).isEqualTo(400);
    assertThat(patch(id, operation("add", "/locations/-", location(longer)))).isEqualTo(200);
    assertThat(api.image(id).getString("stores")).isEqualTo("local,web");
    assertThat(api.image(id).getLong("size")).isEqualTo(DATA.length);
  }

  @Test
  void putsLocationsIntoTheStoreThatTheyName() throws Exception {
    var id = api.create();
    var elsewhere = inStrict("http://mirror.example/image");
    var named = inStrict(source.serve(DATA));

    assertThat(patch(id, operation("add", "/locations/-", elsewhere))).isEqualTo(400);
    assertThat(patch(id, operation("add", "/locations/-", named))).isEqualTo(200);

    assertThat(api.image(id).getString("stores")).isEqualTo("strict");
    assertThat(Arrays.equals(api.download(id).body(), DATA)).isTrue();
    assertThat(patch(id, operation("add", "/locations/-", location(source.serve(DATA)))))
        .isEqualTo(200);
    assertThat(api.image(id).getString("stores")).isEqualTo("strict,web");
  }

  @Test
  void leavesThePortsOfDownloadsAlone() throws Exception {
    var id = api.create();
    var order =
        new JsonObject()
            .put(
                "method",
                new JsonObject().put("name", "web-download").put("uri", source.serve(DATA)));

    assertThat(api.post("/v2/images/" + id + "/import", order).statusCode()).isEqualTo(400);
  }

  private static JsonObject noted(String url, String note) {
    return at(url).put("metadata", new JsonObject().put("note", note));
  }

  private List<String> notes(String id) throws Exception {
    return api.image(id).getJsonArray("locations").stream()
        .map(it -> ((JsonObject) it).getJsonObject("metadata").getString("note"))
        .toList();
  }

  @Test
  void tellsLocationsWithOneUrlApartByTheirMetadata() throws Exception {
    var url = source.serve(DATA);
    var id = api.create();

    assertThat(patch(id, operation("add", "/locations/-", noted(url, "a")))).isEqualTo(200);
    assertThat(patch(id, operation("add", "/locations/-", noted(url, "b")))).isEqualTo(200);
    assertThat(patch(id, operation("add", "/locations/-", noted(url, "a")))).isEqualTo(400);
    assertThat(notes(id)).containsExactly("a", "b");

    var others = new JsonArray().add(noted(url, "c")).add(noted(url, "d"));
    var equal = new JsonArray().add(noted(url, "c")).add(noted(url, "c"));
    assertThat(patch(id, operation("replace", "/locations", equal))).isEqualTo(400);
    assertThat(patch(id, operation("replace", "/locations", others))).isEqualTo(200);
    assertThat(notes(id)).containsExactly("c", "d");

    assertThat(patch(id, remove("/locations/0"))).isEqualTo(200);
    assertThat(notes(id)).containsExactly("d");
    assertThat(api.download(id).body()).isEqualTo(DATA);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "{}",
        "{\"url\": \"%s\"}",
        "{\"url\": 1, \"metadata\": {}}",
        "{\"url\": \"%s\", \"metadata\": {}, \"validation_data\": {}}",
        "{\"url\": \"%s\", \"metadata\": {}, \"validation_data\": {\"os_hash_algo\": \"sha512\"}}",
        "{\"url\": \"%s\", \"metadata\": {}, \"validation_data\": {\"checksum\": \"1\"}}"
      })
  void addsNoLocationThatIsNotAsItsSchemaSays(String location) throws Exception {
    var id = api.create();
    var value = Json.decodeValue(location.formatted(source.serve(DATA)));

    assertThat(patch(id, operation("add", "/locations/-", value))).isEqualTo(400);

    assertThat(api.image(id).getString("status")).isEqualTo("queued");
  }
}
