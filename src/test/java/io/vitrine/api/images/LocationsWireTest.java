package io.vitrine.api.images;

import static io.vitrine.api.images.ServerOfLocations.DATA;
import static io.vitrine.api.images.ServerOfLocations.hash;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images whose data stays on a server of others. */
@ExtendWith(ServerOfLocations.class)
class LocationsWireTest {
  private final ServerOfLocations.Running server;
  private final TestingSource source;
  private final TestingApi api;

  LocationsWireTest(ServerOfLocations.Running server) {
    this.server = server;
    this.source = server.source();
    this.api = server.api();
  }

  private static JsonObject at(String url, String algorithm, String value) {
    return ServerOfLocations.at(url)
        .put(
            "validation_data",
            new JsonObject().put("os_hash_algo", algorithm).put("os_hash_value", value));
  }

  private static JsonObject at(String url) {
    return ServerOfLocations.at(url);
  }

  private JsonObject settled(String id) {
    return TestingConditions.await(
        () -> api.image(id), image -> !image.containsKey("os_glance_import_task"));
  }

  @Test
  void isActiveOnceTheDataHasTheHashThatWasGiven() throws Exception {
    var id = api.create();
    var url = source.serve(DATA);

    assertThat(server.add(id, at(url, "sha256", hash("SHA-256"))).statusCode()).isEqualTo(202);

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

    assertThat(server.add(id, at(source.serve(DATA))).statusCode()).isEqualTo(202);

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

    assertThat(server.add(id, at(url)).statusCode()).isEqualTo(202);
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

    assertThat(server.add(id, at(url)).statusCode()).isEqualTo(202);

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

    assertThat(server.add(id, at(source.serve(DATA), "md5", "0".repeat(32))).statusCode())
        .isEqualTo(202);

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

    assertThat(server.add(missing, cut).statusCode()).isEqualTo(404);
    assertThat(server.add(active, cut).statusCode()).isEqualTo(409);
    assertThat(server.add(queued, cut).statusCode()).isEqualTo(400);
    for (var id : List.of(missing, active, queued)) {
      assertThat(server.add(id, unknown).statusCode()).isEqualTo(400);
    }
    assertThat(api.image(queued).getString("status")).isEqualTo("queued");
  }

  @Test
  void refusesWhatIsNoLocation() throws Exception {
    var id = api.create();
    var active = api.create(DATA);
    var url = source.serve(DATA);

    assertThat(server.add(active, at(url)).statusCode()).isEqualTo(409);
    assertThat(server.add(id, at("file:///etc/passwd")).statusCode()).isEqualTo(403);
    assertThat(server.add(id, at("http://10.0.0.1/image")).statusCode()).isEqualTo(400);
    assertThat(server.add(id, new JsonObject()).statusCode()).isEqualTo(400);
    assertThat(server.add(id, at(url, "sha512", "abc")).statusCode()).isEqualTo(400);
    assertThat(server.add(id, at(url, "crc32", "0".repeat(32))).statusCode()).isEqualTo(400);
    assertThat(
            server
                .add(
                    id, at(url).put("validation_data", new JsonObject().put("os_hash_algo", "md5")))
                .statusCode())
        .isEqualTo(400);
    assertThat(server.add("00000000-0000-0000-0000-000000000000", at(url)).statusCode())
        .isEqualTo(404);
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
  }

  @Test
  void copiesDataOfOthersIntoAStore() throws Exception {
    var id = api.create();
    assertThat(server.add(id, at(source.serve(DATA))).statusCode()).isEqualTo(202);
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
    assertThat(server.add(id, at(url)).statusCode()).isEqualTo(202);
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
        .startsWith("file://" + server.server().store("local"));
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
}
