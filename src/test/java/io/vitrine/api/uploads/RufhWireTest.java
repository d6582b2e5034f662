package io.vitrine.api.uploads;

import static io.vitrine.api.uploads.TestingRufh.VERSION;
import static io.vitrine.api.uploads.TestingRufh.header;
import static io.vitrine.api.uploads.TestingRufh.part;
import static io.vitrine.api.uploads.TestingRufh.path;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.net.uwsgi.TestingPacket;
import java.security.MessageDigest;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Uploads by draft-ietf-httpbis-resumable-upload that go well. What the draft says a server MUST
 * do, by its sections, and where it is tested; without a class it is here:
 *
 * <table>
 *   <caption>What a server must do</caption>
 *   <tr><td>4.1.1, the offset does not decrease; 4.6, it holds</td>
 *       <td>{@link RufhSurvivalWireTest#tellsAnOffsetThatHolds}</td></tr>
 *   <tr><td>4.1.1, lost data ends the upload</td>
 *       <td>{@link RufhRefusalWireTest#endsAnUploadWhoseDataIsLost}</td></tr>
 *   <tr><td>4.1.2 to 4.1.4, other values are ignored</td>
 *       <td>{@link #takesOtherValuesForNone}, {@link ItemFieldTest}</td></tr>
 *   <tr><td>4.1.3, lengths agree</td><td>{@link RufhRefusalWireTest}{@code .refuses…Length…}</td></tr>
 *   <tr><td>4.1.4, OPTIONS tells limits</td><td>{@link #tellsLimits}</td></tr>
 *   <tr><td>4.2.2, 104 has Location and limits, and the final answer the same Location</td>
 *       <td>{@link #announcesTheUpload}, {@link #namesTheSamePlaceAgain}</td></tr>
 *   <tr><td>4.2.2, a part is answered with Location and limits; the length is recorded</td>
 *       <td>{@link #storesDataThatComesInParts}, {@link #tellsHowFarAnUploadIs}</td></tr>
 *   <tr><td>4.2.2, 4.4.2, an interrupted request does not complete the upload</td>
 *       <td>{@link RufhSurvivalWireTest#goesOnAfterABrokenConnection}</td></tr>
 *   <tr><td>4.3.2, offset, completeness, length, limits</td>
 *       <td>{@link #tellsHowFarAnUploadIs}</td></tr>
 *   <tr><td>4.4.2, 409 with the right offset at another one</td>
 *       <td>{@link RufhRefusalWireTest#refusesAnotherOffset}</td></tr>
 *   <tr><td>4.4.2, the last answer has Upload-Complete, also if it is a failure</td>
 *       <td>{@link #storesDataThatComesInParts}, {@link #saysThatAllDataIsRefused}</td></tr>
 *   <tr><td>4.4.2, more than the length ends the upload</td>
 *       <td>{@link RufhRefusalWireTest}{@code .ends…}</td></tr>
 *   <tr><td>4.4.2, 104 has no Location while data is appended</td>
 *       <td>{@link RufhSurvivalWireTest#tellsProgress}</td></tr>
 *   <tr><td>4.6, no races of writers, also with DELETE</td><td>{@link RufhSurvivalWireTest}</td></tr>
 *   <tr><td>5, 100 is sent besides 104</td><td>{@link #announcesTheUpload}</td></tr>
 *   <tr><td>5, 104 over HTTP/2</td><td>{@link RufhHttp2WireTest}</td></tr>
 *   <tr><td>Appendix, no 104 for other versions, and its version in each</td>
 *       <td>{@link #announcesNothingToOthers}, {@link #announcesTheUpload}</td></tr>
 * </table>
 */
@ExtendWith(SharedServer.class)
class RufhWireTest {
  private static final int MIB = 1 << 20;
  private static final byte[] NOTHING = {};
  private static final byte[] DATA = UploadWireTest.data(3 * MIB + 7);

  private final TestingServer server;
  private final TestingRufh rufh;
  private final TestingApi api;

  RufhWireTest(TestingServer server) {
    this.server = server;
    this.rufh = new TestingRufh(server.port());
    this.api = rufh.api;
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "stage"})
  void announcesTheUpload(String kind) throws Exception {
    var id = api.create();

    try (var connection =
        rufh.openPut(
            path(id, kind), DATA.length, "Upload-Complete: ?1", VERSION, "Expect: 100-continue")) {
      var interim = connection.readHead();
      assertThat(interim.status()).isEqualTo(104);
      assertThat(interim.headers())
          .containsEntry("upload-draft-interop-version", "8")
          .containsKeys("location", "upload-limit")
          .doesNotContainKeys("upload-offset", "content-length", "transfer-encoding");
      assertThat(connection.readHead().status()).isEqualTo(100);
      connection.send(DATA);
      var answers = TestingRufh.read(connection);

      assertThat(answers.last().status()).as(answers.last().body()).isEqualTo(204);
      assertThat(answers.field("upload-complete")).isEqualTo("?1");
      var upload = TestingRufh.place(interim);
      assertThat(header(rufh.head(upload), "Upload-Complete")).isEqualTo("?1");
      assertThat(rufh.offset(upload)).isEqualTo(DATA.length);
    }
    rufh.assertHasData(id, kind, DATA);
  }

  @Test
  void namesTheSamePlaceAgain() throws Exception {
    var id = api.create();

    try (var connection = rufh.openPut(path(id, "file"), 0, "Upload-Complete: ?0", VERSION)) {
      var answers = TestingRufh.read(connection);

      assertThat(answers.last().status()).isEqualTo(201);
      assertThat(answers.interim()).hasSize(1);
      var interim = answers.interim().getFirst().headers();
      assertThat(interim).containsEntry("location", answers.field("location"));
      assertThat(answers.field("upload-offset")).isEqualTo("0");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "9", "8, 8", "x", "?1", "8.0"})
  void announcesNothingToOthers(String version) throws Exception {
    var id = api.create();
    var field = version.isEmpty() ? "X-None: 1" : "Upload-Draft-Interop-Version: " + version;

    try (var connection = rufh.openPut(path(id, "file"), 3, "Upload-Complete: ?0", field)) {
      var answers = TestingRufh.read(connection.send(new byte[3]));

      assertThat(answers.interim()).isEmpty();
      assertThat(answers.last().status()).isEqualTo(201);
    }
  }

  @Test
  void announcesNothingByOldHttp() throws Exception {
    var id = api.create();

    try (var connection = new RawConnection(server.port())) {
      connection.send(
          """
          PUT %s HTTP/1.0
          Content-Type: application/octet-stream
          Content-Length: 3
          Upload-Complete: ?1
          %s

          abc"""
              .formatted(path(id, "file"), VERSION)
              .replace("\n", "\r\n"));
      assertThat(connection.readHead().status()).isEqualTo(204);
    }
    rufh.assertHasData(id, "file", "abc".getBytes(UTF_8));
  }

  /** A front would take an interim answer for the last one. */
  @Test
  void announcesNothingToFrontsByUwsgi() throws Exception {
    var id = api.create();
    var packet =
        TestingPacket.upload(path(id, "file"))
            .with("CONTENT_LENGTH", "3")
            .with("HTTP_UPLOAD_COMPLETE", "?1")
            .with("HTTP_UPLOAD_DRAFT_INTEROP_VERSION", "8");

    try (var connection = new RawConnection(server.uwsgiPort())) {
      var answer = connection.send(packet.bytes()).send("abc").readHead();
      assertThat(answer.status()).isEqualTo(204);
    }
    rufh.assertHasData(id, "file", "abc".getBytes(UTF_8));
  }

  /** All data of a client that cannot be told where to go on is a plain upload. */
  @Test
  void takesAllDataOfOthersAsAPlainUpload() throws Exception {
    var id = api.create();

    var answer = api.upload(id, DATA, "Upload-Complete", "?1");

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(header(answer, "Upload-Complete")).isEqualTo("none");
    rufh.assertHasData(id, "file", DATA);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "true", "?2", "", "?0, ?0"})
  void takesOtherValuesForNone(String value) throws Exception {
    var id = api.create();

    var answer = api.upload(id, DATA, "Upload-Complete", value, "Upload-Length", "1");

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(header(answer, "Location")).isEqualTo("none");
    rufh.assertHasData(id, "file", DATA);
  }

  @ParameterizedTest
  @CsvSource({"file,true", "file,false", "stage,true", "stage,false"})
  void storesDataThatComesInParts(String kind, boolean isLengthKnown) throws Exception {
    var id = api.create();
    var length = String.valueOf(DATA.length);

    var upload =
        isLengthKnown
            ? rufh.begin(id, kind, part(DATA, 0, MIB), "Upload-Length", length)
            : rufh.begin(id, kind, part(DATA, 0, MIB));
    var next = rufh.patch(upload, MIB, part(DATA, MIB, 2 * MIB), "?0");
    assertThat(next.statusCode()).as(next.body()).isEqualTo(204);
    assertThat(header(next, "Upload-Complete")).isEqualTo("?0");
    assertThat(rufh.offset(upload)).isEqualTo(2 * MIB);
    var last = rufh.patch(upload, 2 * MIB, part(DATA, 2 * MIB, DATA.length), "?1");

    assertThat(last.statusCode()).as(last.body()).isEqualTo(204);
    assertThat(header(last, "Upload-Complete")).isEqualTo("?1");
    assertThat(header(last, "Location")).isEqualTo("none");
    rufh.assertHasData(id, kind, DATA);
  }

  /** Only the client says what is the last of the data, whatever the length. */
  @ParameterizedTest
  @ValueSource(strings = {"file", "stage"})
  void isNotCompleteUntilTheClientSaysSo(String kind) throws Exception {
    var id = api.create();
    var upload = rufh.begin(id, kind, DATA, "Upload-Length", String.valueOf(DATA.length));

    assertThat(header(rufh.head(upload), "Upload-Complete")).isEqualTo("?0");
    assertThat(rufh.offset(upload)).isEqualTo(DATA.length);
    assertThat(api.image(id).getString("status")).isIn("saving", "uploading");
    var last = rufh.patch(upload, DATA.length, NOTHING, "?1");

    assertThat(last.statusCode()).as(last.body()).isEqualTo(204);
    assertThat(header(last, "Upload-Complete")).isEqualTo("?1");
    rufh.assertHasData(id, kind, DATA);
  }

  @Test
  void learnsTheLengthFromTheEnd() throws Exception {
    var id = api.create();
    var upload = rufh.begin(id, "file", NOTHING);
    assertThat(header(rufh.head(upload), "Upload-Length")).isEqualTo("none");

    try (var connection =
        rufh.openPatch(upload, 0, "Upload-Complete: ?1", "Transfer-Encoding: chunked")) {
      connection.chunk(part(DATA, 0, MIB)).chunk(part(DATA, MIB, DATA.length)).chunk(NOTHING);
      assertThat(connection.read().status()).isEqualTo(204);
    }

    assertThat(header(rufh.head(upload), "Upload-Length")).isEqualTo("" + DATA.length);
    rufh.assertHasData(id, "file", DATA);
  }

  @ParameterizedTest
  @ValueSource(strings = {"?0", "?1"})
  void storesNothingAsAnEmptyImage(String complete) throws Exception {
    var id = api.create();

    try (var connection =
        rufh.openPut(path(id, "file"), 0, "Upload-Complete: " + complete, VERSION)) {
      var answers = TestingRufh.read(connection);
      if (complete.equals("?0")) {
        assertThat(answers.last().status()).isEqualTo(201);
        var upload = TestingRufh.place(answers.last());
        assertThat(rufh.patch(upload, 0, NOTHING, "?1").statusCode()).isEqualTo(204);
      } else {
        assertThat(answers.last().status()).isEqualTo(204);
      }
    }

    rufh.assertHasData(id, "file", NOTHING);
  }

  @Test
  void tellsHowFarAnUploadIs() throws Exception {
    var upload = rufh.begin(api.create(), "file", part(DATA, 0, 1000), "Upload-Length", "5000");

    for (var method : new String[] {"HEAD", "GET"}) {
      var answer = api.call(method, upload);

      assertThat(answer.statusCode()).isEqualTo(204);
      assertThat(header(answer, "Upload-Offset")).isEqualTo("1000");
      assertThat(header(answer, "Upload-Complete")).isEqualTo("?0");
      assertThat(header(answer, "Upload-Length")).isEqualTo("5000");
      assertThat(header(answer, "Upload-Limit")).matches("max-size=\\d{1,15}, max-age=\\d{1,15}");
      assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
    }
  }

  @ParameterizedTest
  @CsvSource({"file,'GET, HEAD, OPTIONS, PUT'", "stage,'OPTIONS, PUT'"})
  void tellsLimits(String kind, String methods) throws Exception {
    var answer = api.call("OPTIONS", path(api.create(), kind));

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(header(answer, "Allow")).isEqualTo(methods);
    assertThat(header(answer, "Upload-Limit")).matches("max-size=\\d{1,15}, max-age=86400");
  }

  @Test
  void answersARepeatedCreationWithTheSameUpload() throws Exception {
    var id = api.create();

    var upload = rufh.begin(id, "file", NOTHING, "Upload-Length", "10");

    assertThat(rufh.begin(id, "file", NOTHING, "Upload-Length", "10")).isEqualTo(upload);
  }

  @Test
  void repeatsTheLastAnswer() throws Exception {
    var id = api.create();
    var upload = rufh.begin(id, "file", part(DATA, 0, 10));
    assertThat(rufh.patch(upload, 10, part(DATA, 10, 20), "?1").statusCode()).isEqualTo(204);

    var again = rufh.patch(upload, 20, NOTHING, "?1");

    assertThat(again.statusCode()).as(again.body()).isEqualTo(204);
    assertThat(header(again, "Upload-Complete")).isEqualTo("?1");
    rufh.assertHasData(id, "file", part(DATA, 0, 20));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void checksTheDigestOfTheWhole(boolean isRight) throws Exception {
    var id = api.create();
    var digest = "sha-256=:" + base64("SHA-256", isRight ? DATA : NOTHING) + ":";
    var upload = rufh.begin(id, "file", part(DATA, 0, MIB), "Repr-Digest", digest);

    var last = rufh.patch(upload, MIB, part(DATA, MIB, DATA.length), "?1");

    assertThat(last.statusCode()).as(last.body()).isEqualTo(isRight ? 204 : 400);
    assertThat(header(last, "Upload-Complete")).isEqualTo("?1");
    assertThat(api.image(id).getString("status")).isEqualTo(isRight ? "active" : "queued");
  }

  @Test
  void checksTheDigestOfAPart() throws Exception {
    var id = api.create();
    var first = part(DATA, 0, MIB);
    var rest = part(DATA, MIB, DATA.length);
    var upload =
        rufh.begin(id, "file", first, "Content-Digest", "md5=:" + base64("MD5", first) + ":");

    var wrong =
        rufh.patch(upload, MIB, rest, "?1", "Content-Digest", "md5=:" + base64("MD5", first) + ":");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.body()).contains("md5 digest");
    assertThat(rufh.offset(upload)).isEqualTo(MIB);
    var right =
        rufh.patch(upload, MIB, rest, "?1", "Content-Digest", "md5=:" + base64("MD5", rest) + ":");

    assertThat(right.statusCode()).as(right.body()).isEqualTo(204);
    rufh.assertHasData(id, "file", DATA);
  }

  private static String base64(String algorithm, byte[] data) throws Exception {
    return Base64.getEncoder().encodeToString(MessageDigest.getInstance(algorithm).digest(data));
  }

  @Test
  void saysThatAllDataIsRefused() throws Exception {
    var id = api.create("qcow2");
    var upload = rufh.begin(id, "file", part(DATA, 0, MIB));

    var last = rufh.patch(upload, MIB, part(DATA, MIB, DATA.length), "?1");

    assertThat(last.statusCode()).as(last.body()).isEqualTo(415);
    assertThat(header(last, "Upload-Complete")).isEqualTo("?1");
    assertThat(rufh.head(upload).statusCode()).isEqualTo(404);
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
  }

  @Test
  void storesWhereTheClientWants() throws Exception {
    var id = api.create();
    var upload = rufh.begin(id, "file", part(DATA, 0, 5), "X-Image-Meta-Store", "archive");

    assertThat(rufh.patch(upload, 5, part(DATA, 5, 9), "?1").statusCode()).isEqualTo(204);

    assertThat(api.image(id).getString("stores")).isEqualTo("archive");
  }
}
