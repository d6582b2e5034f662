package io.vitrine.api.uploads;

import static io.vitrine.api.uploads.TestingTus.header;
import static io.vitrine.api.uploads.TestingTus.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of uploads that are refused, and uploads that end without data. */
@ExtendWith(SharedServer.class)
class TusRefusalWireTest {
  private static final byte[] NOTHING = {};

  private final TestingServer server;
  private final TestingTus tus;
  private final TestingApi api;
  private final Set<Path> before;

  TusRefusalWireTest(TestingServer server) {
    this.server = server;
    this.tus = new TestingTus(server.port());
    this.api = tus.api;
    this.before = Set.copyOf(server.blobs());
  }

  private static byte[] data(int size) {
    return UploadWireTest.data(size);
  }

  private void awaitNothingLeft() {
    TestingConditions.await(
        () -> server.blobs().stream().filter(blob -> !before.contains(blob)).toList(),
        List::isEmpty);
  }

  private void assertIsQueuedAgain(String id) throws Exception {
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
    assertThat(api.image(id).getLong("size")).isNull();
    awaitNothingLeft();
    assertThat(api.upload(id, data(10)).statusCode()).isEqualTo(204);
  }

  @ParameterizedTest
  @CsvSource({"0,1", "999,1", "1001,1", "2000,0", "5000,1"})
  void refusesDataThatDoesNotGoOnWhereTheUploadIs(long offset, int size) throws Exception {
    var upload = tus.begin(api.create(), 2000);
    assertThat(tus.patch(upload, 0, data(1000)).statusCode()).isEqualTo(204);

    var answer = tus.patch(upload, offset, data(size));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).contains("Upload-Offset is " + offset, "goes on at 1000");
    assertThat(tus.offset(upload)).isEqualTo(1000);
  }

  @Test
  void refusesMoreThanTheLength() throws Exception {
    var id = api.create();
    var upload = tus.begin(id, 1000);

    assertThat(tus.patch(upload, 0, data(1001)).statusCode()).isEqualTo(413);

    assertThat(tus.offset(upload)).isZero();
    assertThat(tus.patch(upload, 0, data(1000)).statusCode()).isEqualTo(204);
    assertThat(tus.patch(upload, 1000, data(1)).statusCode()).isEqualTo(409);
    assertThat(api.download(id).body()).isEqualTo(data(1000));
  }

  @Test
  void refusesMoreThanTheLengthOfDataInChunks() throws Exception {
    var id = api.create();
    var upload = tus.begin(id, 1000);

    try (var connection = tus.openChunked(upload, 0)) {
      connection.chunk(data(600)).chunk(data(600)).chunk(NOTHING);
      assertThat(connection.read().status()).isEqualTo(400);
    }

    TestingConditions.await(
        () -> tus.patch(upload, tus.offset(upload), NOTHING).statusCode(), status -> status == 204);
    assertThat(tus.offset(upload)).isLessThan(1000);
    assertThat(api.image(id).getString("status")).isEqualTo("saving");
  }

  @Test
  void takesDataInChunks() throws Exception {
    var id = api.create();
    var upload = tus.begin(id, 1200);

    try (var connection = tus.openChunked(upload, 0)) {
      connection.chunk(data(600)).chunk(data(600)).chunk(NOTHING);
      assertThat(connection.read().status()).isEqualTo(204);
    }

    assertThat(api.image(id).getString("status")).isEqualTo("active");
  }

  @ParameterizedTest
  @CsvSource({"2.0.0,POST", "0.2.2,HEAD", "'',PATCH", "1.0,DELETE"})
  void refusesOtherVersions(String version, String method) throws Exception {
    var id = api.create();
    var path = method.equals("POST") ? "/vitrine/v1/images/" + id + "/uploads" : tus.begin(id, 10);

    var answer = api.call(method, path, "Tus-Resumable", version, "Upload-Length", "10");

    assertThat(answer.statusCode()).isEqualTo(412);
    assertThat(header(answer, "Tus-Version")).isEqualTo("1.0.0");
    assertThat(header(answer, "Tus-Resumable")).isEqualTo("1.0.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Upload-Length       | x",
        "Upload-Length       | -1",
        "Upload-Length       | +1",
        "Upload-Length       | 1.5",
        "Upload-Length       | ''",
        "Upload-Length       | 99999999999999999999",
        "Upload-Defer-Length | 0",
        "Upload-Defer-Length | true",
        "Tus-Max-Size        | 1"
      })
  void refusesLengthsThatAreNone(String name, String value) throws Exception {
    var id = api.create();

    assertThat(tus.create(id, name, value).statusCode()).isEqualTo(400);

    assertThat(api.image(id).getString("status")).isEqualTo("queued");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Upload-Defer-Length | 1",
        "Upload-Concat       | part",
        "Upload-Concat       | final;/vitrine/v1/uploads/00000000-0000-0000-0000-000000000000",
        "Upload-Metadata     | kind YQ==",
        "Upload-Metadata     | kind ?",
        "Upload-Metadata     | a,a",
        "Upload-Metadata     | ,",
        "Upload-Metadata     | store bW9vbg==",
        "Upload-Checksum     | crc32 AAAAAA==",
        "Upload-Checksum     | sha256",
        "Upload-Checksum     | sha256 AAAA",
        "Upload-Checksum     | sha256 ?"
      })
  void refusesACreationThatIsWrong(String name, String value) throws Exception {
    var id = api.create();

    var answer = tus.create(id, "Upload-Length", "10", name, value);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertIsQueuedAgain(id);
  }

  @Test
  void refusesAnImageThatIsTooLarge() throws Exception {
    var id = api.create();
    long most = Long.parseLong(header(api.call("OPTIONS", path(id)), "Tus-Max-Size"));

    assertThat(tus.create(id, "Upload-Length", String.valueOf(most + 1)).statusCode())
        .isEqualTo(413);
    assertIsQueuedAgain(id);

    var later = TestingTus.location(tus.create(api.create(), "Upload-Defer-Length", "1"));
    var answer = tus.patch(later, 0, NOTHING, "Upload-Length", String.valueOf(most + 1));
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(tus.end(later).statusCode()).isEqualTo(204);
  }

  private static String path(String id) {
    return "/vitrine/v1/images/" + id + "/uploads";
  }

  @Test
  void refusesAnotherLengthThanBefore() throws Exception {
    var upload = tus.begin(api.create(), 10);

    assertThat(tus.patch(upload, 0, data(1), "Upload-Length", "11").statusCode()).isEqualTo(409);
    assertThat(tus.patch(upload, 0, data(1), "Upload-Length", "10").statusCode()).isEqualTo(204);
  }

  @Test
  void refusesDataOfAnotherType() throws Exception {
    var id = api.create();
    var upload = tus.begin(id, 10);

    var patch = tus.send("PATCH", upload, data(5), "Upload-Offset", "0", "Content-Type", "text/a");
    var unplaced = tus.send("PATCH", upload, data(5), "Content-Type", TestingTus.PART);
    var create =
        api.send(
            "POST",
            path(api.create()),
            BodyPublishers.ofByteArray(data(5)),
            "Tus-Resumable",
            "1.0.0",
            "Upload-Length",
            "10",
            "Content-Type",
            "application/octet-stream");

    assertThat(patch.statusCode()).isEqualTo(415);
    assertThat(unplaced.statusCode()).isEqualTo(400);
    assertThat(create.statusCode()).isEqualTo(415);
    assertThat(tus.offset(upload)).isZero();
  }

  @Test
  void knowsNoUploadThatIsNotThere() throws Exception {
    for (var id : List.of("gone", new UUID(0, 0).toString())) {
      var path = "/vitrine/v1/uploads/" + id;
      assertThat(tus.head(path).statusCode()).isEqualTo(404);
      assertThat(tus.patch(path, 0, data(1)).statusCode()).isEqualTo(404);
      assertThat(tus.end(path).statusCode()).isEqualTo(404);
    }
    assertThat(tus.begin(api.create(), 1)).isNotEmpty();
    assertThat(tus.create(new UUID(0, 0).toString(), "Upload-Length", "1").statusCode())
        .isEqualTo(404);
    assertThat(api.call("GET", "/vitrine/v1/gone").statusCode()).isEqualTo(404);
    assertThat(api.call("GET", "/vitrine/v1/uploads/gone").statusCode()).isEqualTo(412);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "stage"})
  void endsAnUploadThatIsNotWanted(String kind) throws Exception {
    var id = api.create();
    var upload = tus.begin(id, 2000, "Upload-Metadata", metadata("kind", kind));
    assertThat(tus.patch(upload, 0, data(1000)).statusCode()).isEqualTo(204);

    assertThat(tus.end(upload).statusCode()).isEqualTo(204);

    assertThat(tus.head(upload).statusCode()).isEqualTo(404);
    assertThat(tus.patch(upload, 1000, data(1000)).statusCode()).isEqualTo(404);
    assertIsQueuedAgain(id);
  }

  @Test
  void endsWithItsImage() throws Exception {
    var id = api.create();
    var upload = tus.begin(id, 2000);
    assertThat(tus.patch(upload, 0, data(1000)).statusCode()).isEqualTo(204);

    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);

    assertThat(tus.head(upload).statusCode()).isEqualTo(404);
    assertThat(tus.patch(upload, 1000, data(1000)).statusCode()).isEqualTo(404);
    awaitNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tellsTheUploaderThatTheUploadIsGone(boolean isImageDeleted) throws Exception {
    var id = api.create();
    var upload = tus.begin(id, 3 << 20);

    try (var connection = tus.open(upload, 0, 3 << 20)) {
      connection.send(data(1 << 20));
      TestingConditions.await(() -> tus.offset(upload), offset -> offset > 0);
      var ended = isImageDeleted ? api.call("DELETE", "/v2/images/" + id) : tus.end(upload);
      assertThat(ended.statusCode()).isEqualTo(204);

      assertThat(connection.read().status()).isEqualTo(410);
    }
    awaitNothingLeft();
  }

  @Test
  void keepsOthersFromTheImage() throws Exception {
    var id = api.create();
    var upload = tus.begin(id, 1000);

    assertThat(api.upload(id, data(10)).statusCode()).isEqualTo(409);
    assertThat(api.stage(id, data(10)).statusCode()).isEqualTo(409);
    assertThat(tus.create(id, "Upload-Length", "10").statusCode()).isEqualTo(409);
    assertThat(tus.patch(upload, 0, data(1000)).statusCode()).isEqualTo(204);

    assertThat(tus.create(id, "Upload-Length", "10").statusCode()).isEqualTo(409);
    assertThat(api.download(id).body()).isEqualTo(data(1000));
  }

  /** The answer to the creation may get lost. */
  @Test
  void answersARepeatedCreationOnce() throws Exception {
    var id = api.create();
    var upload = tus.begin(id, 1000, "Upload-Metadata", metadata("a", "b"));

    assertThat(tus.begin(id, 1000, "Upload-Metadata", metadata("a", "b"))).isEqualTo(upload);
    assertThat(tus.create(id, "Upload-Length", "1000").statusCode()).isEqualTo(409);
    assertThat(tus.create(id, "Upload-Length", "999").statusCode()).isEqualTo(409);
    assertThat(tus.patch(upload, 0, data(10)).statusCode()).isEqualTo(204);

    var other = tus.create(id, "Upload-Length", "1000", "Upload-Metadata", metadata("a", "b"));
    assertThat(other.statusCode()).isEqualTo(409);
  }

  @Test
  void forgetsACreationWhoseDataIsCut() throws Exception {
    var id = api.create();

    try (var connection = new RawConnection(server.port())) {
      connection
          .send(
              """
              POST %s HTTP/1.1
              Host: test
              Tus-Resumable: 1.0.0
              Upload-Length: 1000
              Content-Type: %s
              Content-Length: 1000
              Expect: 100-continue

              """
                  .formatted(path(id), TestingTus.PART)
                  .replace("\n", "\r\n"))
          .readHead();
      connection.send(data(500));
    }

    api.await(id, "queued");
    assertIsQueuedAgain(id);
  }
}
