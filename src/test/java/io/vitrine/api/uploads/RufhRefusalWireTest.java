package io.vitrine.api.uploads;

import static io.vitrine.api.uploads.TestingRufh.VERSION;
import static io.vitrine.api.uploads.TestingRufh.header;
import static io.vitrine.api.uploads.TestingRufh.part;
import static io.vitrine.api.uploads.TestingRufh.path;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of uploads by the draft that are refused, and uploads that end without data. */
@ExtendWith(SharedServer.class)
class RufhRefusalWireTest {
  private static final byte[] NOTHING = {};
  private static final byte[] DATA = UploadWireTest.data(5000);
  private static final String TYPES = "https://iana.org/assignments/http-problem-types#";

  private final TestingServer server;
  private final TestingRufh rufh;
  private final TestingApi api;
  private final Set<Path> before;

  RufhRefusalWireTest(TestingServer server) {
    this.server = server;
    this.rufh = new TestingRufh(server.port());
    this.api = rufh.api;
    this.before = Set.copyOf(server.blobs());
  }

  private void assertIsQueuedAgain(String id) throws Exception {
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
    TestingConditions.await(
        () -> server.blobs().stream().filter(blob -> !before.contains(blob)).toList(),
        List::isEmpty);
    assertThat(api.upload(id, DATA).statusCode()).isEqualTo(204);
  }

  private static JsonObject problem(HttpResponse<String> answer, int status, String type) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(header(answer, "Content-Type")).startsWith("application/problem+json");
    assertThat(header(answer, "Upload-Complete")).isEqualTo("?0");
    var problem = new JsonObject(answer.body());
    assertThat(problem.getString("type")).isEqualTo(TYPES + type);
    assertThat(problem.getInteger("status")).isEqualTo(status);
    return problem;
  }

  @ParameterizedTest
  @CsvSource({"file,0,?0", "file,999,?1", "stage,1001,?0", "stage,5000,?1", "file,2000,?0"})
  void refusesAnotherOffset(String kind, long offset, String complete) throws Exception {
    var upload = rufh.begin(api.create(), kind, part(DATA, 0, 1000), "Upload-Length", "5000");

    var answer = rufh.patch(upload, offset, part(DATA, 0, 3), complete);

    var problem = problem(answer, 409, "mismatching-upload-offset");
    assertThat(problem.getLong("expected-offset")).isEqualTo(1000);
    assertThat(problem.getLong("provided-offset")).isEqualTo(offset);
    assertThat(header(answer, "Upload-Offset")).isEqualTo("1000");
    assertThat(rufh.offset(upload)).isEqualTo(1000);
  }

  @Test
  void addsNothingToACompleteUpload() throws Exception {
    var id = api.create();
    var upload = rufh.begin(id, "file", part(DATA, 0, 1000));
    assertThat(rufh.patch(upload, 1000, NOTHING, "?1").statusCode()).isEqualTo(204);

    problem(rufh.patch(upload, 1000, DATA, "?1"), 400, "completed-upload");
    problem(rufh.patch(upload, 1000, NOTHING, "?0"), 400, "completed-upload");
    var other = rufh.patch(upload, 0, part(DATA, 0, 1000), "?1");
    problem(other, 409, "mismatching-upload-offset");
    assertThat(header(other, "Upload-Offset")).isEqualTo("1000");

    rufh.assertHasData(id, "file", part(DATA, 0, 1000));
  }

  @ParameterizedTest
  @CsvSource({"file,?1,1001", "stage,?1,999", "file,?0,999", "stage,?0,0"})
  void refusesToBeginWithAnInconsistentLength(String kind, String complete, long length)
      throws Exception {
    var id = api.create();

    try (var connection =
        rufh.openPut(
            path(id, kind),
            1000,
            "Upload-Complete: " + complete,
            "Upload-Length: " + length,
            VERSION)) {
      var answers = TestingRufh.read(connection.send(part(DATA, 0, 1000)));

      assertThat(answers.interim()).isEmpty();
      assertThat(answers.last().status()).isEqualTo(400);
      assertThat(answers.field("upload-complete")).isEqualTo("?0");
      assertThat(answers.last().body()).contains(TYPES + "inconsistent-upload-length");
    }
    assertIsQueuedAgain(id);
  }

  @Test
  void refusesToGoOnWithAnInconsistentLength() throws Exception {
    var id = api.create();
    var upload = rufh.begin(id, "file", part(DATA, 0, 1000), "Upload-Length", "5000");
    var rest = part(DATA, 1000, 5000);

    problem(
        rufh.patch(upload, 1000, rest, "?0", "Upload-Length", "5001"),
        400,
        "inconsistent-upload-length");
    problem(rufh.patch(upload, 1000, part(rest, 0, 10), "?1"), 400, "inconsistent-upload-length");
    problem(
        rufh.patch(upload, 1000, rest, "?1", "Upload-Length", "4999"),
        400,
        "inconsistent-upload-length");
    var last = rufh.patch(upload, 1000, rest, "?1", "Upload-Length", "5000");

    assertThat(last.statusCode()).as(last.body()).isEqualTo(204);
    rufh.assertHasData(id, "file", DATA);
  }

  @ParameterizedTest
  @CsvSource({"file,?0", "stage,?1"})
  void endsAnUploadThatIsToBeLargerThanItsLength(String kind, String complete) throws Exception {
    var id = api.create();
    var upload = rufh.begin(id, kind, part(DATA, 0, 1000), "Upload-Length", "2000");

    problem(rufh.patch(upload, 1000, DATA, complete), 400, "inconsistent-upload-length");

    assertThat(rufh.head(upload).statusCode()).isEqualTo(404);
    assertThat(rufh.patch(upload, 1000, NOTHING, "?0").statusCode()).isEqualTo(404);
    assertIsQueuedAgain(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"?0", "?1"})
  void endsAnUploadThatGetsLargerThanItsLength(String complete) throws Exception {
    var id = api.create();
    var upload = rufh.begin(id, "file", part(DATA, 0, 1000), "Upload-Length", "2000");

    try (var connection =
        rufh.openPatch(
            upload, 1000, "Upload-Complete: " + complete, "Transfer-Encoding: chunked")) {
      connection.chunk(part(DATA, 0, 900)).chunk(part(DATA, 0, 900)).chunk(NOTHING);
      assertThat(connection.read().status()).isEqualTo(400);
    }

    assertThat(rufh.head(upload).statusCode()).isEqualTo(404);
    assertIsQueuedAgain(id);
  }

  @Test
  void endsAnUploadThatIsShorterThanItsLength() throws Exception {
    var id = api.create();
    var upload = rufh.begin(id, "file", part(DATA, 0, 1000), "Upload-Length", "2000");

    try (var connection =
        rufh.openPatch(upload, 1000, "Upload-Complete: ?1", "Transfer-Encoding: chunked")) {
      connection.chunk(part(DATA, 0, 900)).chunk(NOTHING);
      var answer = connection.read();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.headers()).containsEntry("upload-complete", "?1");
    }

    assertIsQueuedAgain(id);
  }

  @Test
  void endsAnUploadWhoseDataIsLost() throws Exception {
    var id = api.create();
    var upload = rufh.begin(id, "file", part(DATA, 0, 1000));
    for (var blob : server.blobs()) {
      if (upload.contains(blob.getFileName().toString().replace(".part", ""))) {
        Files.write(blob, NOTHING);
      }
    }

    var answer = rufh.patch(upload, 1000, part(DATA, 1000, 5000), "?1");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
    assertThat(answer.body()).contains("has lost data");
    assertThat(rufh.head(upload).statusCode()).isEqualTo(404);
    assertIsQueuedAgain(id);
  }

  @Test
  void refusesMoreThanTheLargestImage() throws Exception {
    var id = api.create();
    var most = "999999999999999";

    var answer =
        rufh.send(
            "PUT",
            path(id, "file"),
            NOTHING,
            "Upload-Complete",
            "?0",
            "Upload-Length",
            most,
            "Content-Type",
            "application/octet-stream");

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(header(answer, "Upload-Limit")).startsWith("max-size=");
    assertIsQueuedAgain(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/octet-stream", "application/offset+octet-stream", "text/plain"})
  void refusesPartsOfOtherTypes(String type) throws Exception {
    var upload = rufh.begin(api.create(), "file", NOTHING);

    var answer =
        rufh.send(
            "PATCH",
            upload,
            DATA,
            "Upload-Complete",
            "?0",
            "Upload-Offset",
            "0",
            "Content-Type",
            type);

    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(header(answer, "Accept-Patch")).isEqualTo(TestingRufh.PART);
    assertThat(rufh.offset(upload)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"Upload-Offset,0", "Upload-Complete,?1", "Upload-Offset,-1"})
  void refusesPartsThatDoNotSayWhatTheyAre(String name, String value) throws Exception {
    var upload = rufh.begin(api.create(), "file", NOTHING);

    var answer = rufh.send("PATCH", upload, DATA, name, value, "Content-Type", TestingRufh.PART);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(rufh.offset(upload)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"file,?0", "file,?1", "stage,?0", "stage,?1"})
  void refusesRangesOfTheData(String kind, String complete) throws Exception {
    var id = api.create();

    try (var connection =
        rufh.openPut(
            path(id, kind),
            10,
            "Content-Range: bytes 0-9/100",
            "Upload-Complete: " + complete,
            VERSION)) {
      var answers = TestingRufh.read(connection.send(new byte[10]));

      assertThat(answers.interim()).isEmpty();
      assertThat(answers.last().status()).isEqualTo(400);
      assertThat(answers.last().body()).contains("without Content-Range");
    }
    assertIsQueuedAgain(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "stage"})
  void forgetsACancelledUpload(String kind) throws Exception {
    var id = api.create();
    var upload = rufh.begin(id, kind, DATA);

    assertThat(api.call("DELETE", upload).statusCode()).isEqualTo(204);

    assertThat(rufh.head(upload).statusCode()).isEqualTo(404);
    assertThat(rufh.patch(upload, DATA.length, NOTHING, "?1").statusCode()).isEqualTo(404);
    assertThat(api.call("DELETE", upload).statusCode()).isEqualTo(404);
    assertIsQueuedAgain(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "00000000-0000-0000-0000-000000000000"})
  void knowsNoOtherUploads(String upload) throws Exception {
    var resource = "/vitrine/v1/uploads/" + upload + "/data";

    assertThat(rufh.head(resource).statusCode()).isEqualTo(404);
    assertThat(rufh.patch(resource, 0, DATA, "?0").statusCode()).isEqualTo(404);
    assertThat(api.call("DELETE", resource).statusCode()).isEqualTo(404);
  }

  @Test
  void letsOneClientUpload() throws Exception {
    var id = api.create();
    rufh.begin(id, "file", DATA);

    for (var complete : List.of("?0", "?1")) {
      try (var connection =
          rufh.openPut(path(id, "file"), 3, "Upload-Complete: " + complete, VERSION)) {
        var answers = TestingRufh.read(connection.send(new byte[3]));
        assertThat(answers.interim()).isEmpty();
        assertThat(answers.last().status()).isEqualTo(409);
      }
    }
    assertThat(api.upload(id, DATA).statusCode()).isEqualTo(409);
  }
}
