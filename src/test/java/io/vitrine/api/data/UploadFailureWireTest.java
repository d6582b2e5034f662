package io.vitrine.api.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads that fail leave the image queued and nothing behind. */
@ExtendWith(SharedServer.class)
class UploadFailureWireTest {
  private static final String ABSENT = "00000000-0000-0000-0000-000000000000";
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

  private final TestingServer server;
  private final TestingApi api;
  private final Set<Path> before;

  UploadFailureWireTest(TestingServer server) {
    this.server = server;
    this.api = new TestingApi(server.port());
    this.before = Set.copyOf(server.blobs());
  }

  private static String path(String id) {
    return "/v2/images/" + id + "/file";
  }

  private static byte[] data(int size) {
    return UploadWireTest.data(size);
  }

  private List<Path> newBlobs() {
    return server.blobs().stream().filter(blob -> !before.contains(blob)).toList();
  }

  private void awaitNothingLeft() {
    TestingConditions.await(this::newBlobs, List::isEmpty);
  }

  private void assertIsQueuedAgain(String id) throws Exception {
    var image = api.await(id, "queued");
    assertThat(image.getLong("size")).isNull();
    assertThat(image.getString("checksum")).isNull();
    assertThat(image.getString("stores")).isNull();
    awaitNothingLeft();
    assertThat(api.upload(id, data(10)).statusCode()).isEqualTo(204);
  }

  @ParameterizedTest
  @CsvSource({"0.5,file", "0.5,stage", "0,file"})
  void forgetsAnUploadThatIsCut(double part, String target) throws Exception {
    var id = api.create();
    var data = data(6 << 20);

    var connection = new RawConnection(server.port());
    connection
        .put("/v2/images/" + id + "/" + target, "Content-Length: " + data.length + "\r\n")
        .send(Arrays.copyOf(data, (int) (part * data.length)));
    api.await(id, target.equals("file") ? "saving" : "uploading");
    TestingConditions.await(this::newBlobs, blobs -> !blobs.isEmpty());
    connection.cut();

    assertIsQueuedAgain(id);
  }

  @Test
  void forgetsAChunkedUploadThatIsCut() throws Exception {
    var id = api.create();

    var connection = new RawConnection(server.port());
    connection.put(path(id), CHUNKED).chunk(data(1 << 20)).chunk(data(1 << 20));
    api.await(id, "saving");
    connection.send("100000\r\n").send(data(1000)).cut();

    assertIsQueuedAgain(id);
  }

  @Test
  void forgetsAnUploadThatEndsPolitelyButEarly() throws Exception {
    var id = api.create();

    try (var connection = new RawConnection(server.port())) {
      connection.put(path(id), CHUNKED).chunk(data(1000));
      api.await(id, "saving");
    }

    assertIsQueuedAgain(id);
  }

  @Test
  void forgetsAnUploadWithBrokenFraming() throws Exception {
    var id = api.create();

    try (var connection = new RawConnection(server.port())) {
      connection.put(path(id), CHUNKED).chunk(data(1000));
      api.await(id, "saving");
      connection.send("nonsense\r\n\r\n");

      assertIsQueuedAgain(id);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {999, 1001})
  void refusesDataOfAnotherSizeThanDeclared(int declared) throws Exception {
    var id = api.create();

    var answer = api.upload(id, data(1000), "x-openstack-image-size", String.valueOf(declared));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertIsQueuedAgain(id);
  }

  @ParameterizedTest
  @ValueSource(ints = {999, 1001})
  void refusesChunkedDataOfAnotherSizeThanDeclared(int declared) throws Exception {
    var id = api.create();

    try (var connection = new RawConnection(server.port())) {
      connection
          .put(path(id), CHUNKED + "x-openstack-image-size: " + declared + "\r\n")
          .chunk(data(1000))
          .chunk(data(0));

      assertThat(connection.read().status()).isEqualTo(400);
    }
    assertIsQueuedAgain(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-1", "1.5", ""})
  void refusesASizeThatIsNone(String declared) throws Exception {
    var id = api.create();

    var answer = api.upload(id, data(10), "x-openstack-image-size", declared);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertIsQueuedAgain(id);
  }

  @Test
  void refusesDataThatIsNotWhatItClaimsToBe() throws Exception {
    var id = api.create("qcow2");

    var answer = api.upload(id, data(100_000));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(415);
    api.await(id, "queued");
    awaitNothingLeft();
  }

  @Test
  void refusesADiscThatIsCutOff() throws Exception {
    var id = api.create("iso");
    var disc = new byte[100_000];
    ByteBuffer.wrap(disc)
        .put(32768, "\1CD001\1".getBytes(US_ASCII))
        .putInt(32768 + 80, 0x64000000)
        .putInt(32768 + 84, 100)
        .putShort(32768 + 128, (short) 8)
        .putShort(32768 + 130, (short) 2048);

    var answer = api.upload(id, disc);

    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(answer.body()).contains("is cut off: needs 204800 bytes, has 100000");
    api.await(id, "queued");
    awaitNothingLeft();
  }

  @Test
  void refusesDataForAnImageWithoutFormats() throws Exception {
    var id = api.create(new JsonObject());

    assertThat(api.upload(id, data(10)).statusCode()).isEqualTo(400);
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/json", ""})
  void refusesDataOfAnotherType(String type) throws Exception {
    var id = api.create();

    for (var target : List.of("file", "stage")) {
      var answer =
          api.send(
              "PUT",
              "/v2/images/" + id + "/" + target,
              BodyPublishers.ofByteArray(data(10)),
              "Content-Type",
              type);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(415);
    }
    assertIsQueuedAgain(id);
  }

  /** A part must not become an image that looks whole (RFC 9110, section 14.5). */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file  | bytes 0-9/100",
        "file  | bytes 0-9/10",
        "file  | bytes */10",
        "file  | items 0-1/2",
        "file  | ''",
        "stage | bytes 90-99/100",
        "stage | nonsense"
      })
  void refusesAPartOfTheData(String target, String range) throws Exception {
    var id = api.create();

    try (var connection = new RawConnection(server.port())) {
      connection.put(
          "/v2/images/" + id + "/" + target,
          "Content-Range: " + range + "\r\nContent-Length: 10\r\nExpect: 100-continue\r\n");
      var answer = connection.read();

      assertThat(answer.status()).as(answer.body()).isEqualTo(400);
      assertThat(answer.body()).contains(range, "all the data", "without Content-Range");
    }
    assertIsQueuedAgain(id);
  }

  @Test
  void refusesAStoreThatIsNotThere() throws Exception {
    var id = api.create();

    assertThat(api.upload(id, data(10), "X-Image-Meta-Store", "moon").statusCode()).isEqualTo(400);
    assertIsQueuedAgain(id);
  }

  @Test
  void letsOneUploadWin() throws Exception {
    var id = api.create();

    try (var connection = new RawConnection(server.port())) {
      connection.put(path(id), CHUNKED).chunk(data(1000));
      api.await(id, "saving");

      var second = api.upload(id, data(50));
      connection.chunk(data(0));

      assertThat(second.statusCode()).isEqualTo(409);
      assertThat(second.body())
          .contains("Image status transition from saving to saving is not allowed");
      assertThat(connection.read().status()).isEqualTo(204);
      assertThat(api.image(id).getLong("size")).isEqualTo(1000);
      assertThat(api.upload(id, data(50)).statusCode()).isEqualTo(409);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "stage"})
  void tellsTheUploaderThatTheImageIsGone(String target) throws Exception {
    var id = api.create();

    try (var connection = new RawConnection(server.port())) {
      connection.put("/v2/images/" + id + "/" + target, CHUNKED).chunk(data(3 << 20));
      TestingConditions.await(this::newBlobs, blobs -> !blobs.isEmpty());

      assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);

      assertThat(connection.read().status()).isEqualTo(410);
    }
    awaitNothingLeft();
  }

  @Test
  void doesNotAskForDataThatItWouldRefuse() throws Exception {
    var active = api.create(data(10));
    var queued = api.create();

    assertThat(expect(path(active), "application/octet-stream")).isEqualTo(409);
    assertThat(expect(path(ABSENT), "application/octet-stream")).isEqualTo(404);
    assertThat(expect(path(queued), "text/plain")).isEqualTo(415);
    assertThat(api.image(queued).getString("status")).isEqualTo("queued");
  }

  private int expect(String path, String type) throws Exception {
    try (var connection = new RawConnection(server.port())) {
      connection.send(
          """
          PUT %s HTTP/1.1
          Host: test
          Content-Type: %s
          Content-Length: 1000
          Expect: 100-continue

          """
              .formatted(path, type)
              .replace("\n", "\r\n"));
      var answer = connection.read();
      assertThat(connection.isClosedByServer()).isTrue();
      return answer.status();
    }
  }

  @Test
  void servesTheNextRequestAfterARefusedUpload() throws Exception {
    try (var connection = new RawConnection(server.port())) {
      connection
          .put(path(ABSENT), "Content-Length: 3000000\r\n")
          .send(data(3_000_000))
          .put(path(ABSENT), CHUNKED)
          .chunk(data(3_000_000))
          .chunk(data(0))
          .send("GET /healthcheck HTTP/1.1\r\nHost: test\r\n\r\n");

      assertThat(connection.read().status()).isEqualTo(404);
      assertThat(connection.read().status()).isEqualTo(404);
      assertThat(connection.read().body()).isEqualTo("OK");
    }
  }

  @Test
  void answersBeforeTheRefusedDataHasCome() throws Exception {
    try (var connection = new RawConnection(server.port())) {
      connection.put(path(ABSENT), "Content-Length: 1000000000\r\n").send(data(1000));

      assertThat(connection.read().status()).isEqualTo(404);
    }
  }
}
