package io.vitrine.api.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedServer.class)
class DownloadWireTest {
  private static final String TEXT = "0123456789";

  private final TestingApi api;
  private final int port;

  DownloadWireTest(TestingServer server) {
    this.port = server.port();
    this.api = new TestingApi(port);
  }

  private String image() throws Exception {
    return api.create(TEXT.getBytes(US_ASCII));
  }

  private static Optional<String> header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name);
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), US_ASCII);
  }

  private String etag(String id) throws Exception {
    return '"' + api.image(id).getString("os_hash_value") + '"';
  }

  @Test
  void givesTheWholeImage() throws Exception {
    var id = image();

    var answer = api.download(id);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(text(answer)).isEqualTo(TEXT);
    assertThat(header(answer, "Content-Type")).hasValue("application/octet-stream");
    assertThat(header(answer, "Content-Length")).hasValue("10");
    assertThat(header(answer, "Content-MD5")).hasValue(api.image(id).getString("checksum"));
    assertThat(header(answer, "Accept-Ranges")).hasValue("bytes");
    assertThat(header(answer, "ETag")).hasValue(etag(id));
    assertThat(header(answer, "Content-Range")).isEmpty();
  }

  @Test
  void givesTheFileAName() throws Exception {
    var id =
        api.create(
            new JsonObject()
                .put("name", "Größe\r\nX: \"1\"")
                .put("disk_format", "raw")
                .put("container_format", "bare"));
    api.upload(id, TEXT.getBytes(US_ASCII));
    var expected =
        "attachment; filename=\"Gr__e__X: _1_\";"
            + " filename*=UTF-8''Gr%C3%B6%C3%9Fe__X%3A%20%221%22";

    assertThat(header(api.download(id), "Content-Disposition")).hasValue(expected);
    assertThat(header(api.download(id, "Range", "bytes=0-1"), "Content-Disposition"))
        .hasValue(expected);
    assertThat(header(api.download(id, "Range", "bytes=99-"), "Content-Disposition")).isEmpty();
    assertThat(header(api.download(image()), "Content-Disposition")).isPresent();
  }

  @Test
  void givesAnEmptyImage() throws Exception {
    var id = api.create(new byte[0]);

    var answer = api.download(id);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Content-Length")).hasValue("0");
    assertThat(answer.body()).isEmpty();
    assertThat(api.download(id, "Range", "bytes=0-").statusCode()).isEqualTo(416);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0,0,0-0",
    "bytes=2-4,234,2-4",
    "bytes=7-,789,7-9",
    "bytes=-3,789,7-9",
    "bytes=5-99,56789,5-9",
    "bytes=-99,0123456789,0-9",
  })
  void givesAPart(String range, String part, String given) throws Exception {
    var id = image();

    var answer = api.download(id, "Range", range);

    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(text(answer)).isEqualTo(part);
    assertThat(header(answer, "Content-Range")).hasValue("bytes " + given + "/10");
    assertThat(header(answer, "Content-Length")).hasValue(String.valueOf(part.length()));
    assertThat(header(answer, "Content-MD5")).hasValue(api.image(id).getString("checksum"));
  }

  @Test
  void givesAPartToClientsThatAskInTheOldWay() throws Exception {
    var id = image();

    var answer = api.download(id, "Content-Range", "bytes 2-4/*");

    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(text(answer)).isEqualTo("234");
    assertThat(header(answer, "Content-Range")).hasValue("bytes 2-4/10");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes 10-11/*", "bytes 5-10/*", "bytes 5-10/99", "bytes 4-2/*", "some"})
  void refusesAPartThatIsNotThereInTheOldWayToo(String range) throws Exception {
    assertThat(api.download(image(), "Content-Range", range).statusCode()).isEqualTo(416);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=10-", "bytes=10-11", "bytes=4-2", "bytes=-0", "bytes=a-b", "lines=1-2"})
  void refusesAPartThatIsNotThere(String range) throws Exception {
    var answer = api.download(image(), "Range", range);

    assertThat(answer.statusCode()).isEqualTo(416);
    assertThat(header(answer, "Content-Range")).hasValue("bytes */10");
    assertThat(header(answer, "ETag")).isEmpty();
    assertThat(header(answer, "Content-MD5")).isEmpty();
  }

  @Test
  void refusesSeveralPartsAtOnce() throws Exception {
    assertThat(api.download(image(), "Range", "bytes=0-1,3-4").statusCode()).isEqualTo(400);
  }

  @Test
  void givesAPartOnlyOfTheSameImage() throws Exception {
    var id = image();

    var same = api.download(id, "Range", "bytes=2-4", "If-Range", etag(id));
    var other = api.download(id, "Range", "bytes=2-4", "If-Range", "\"other\"");

    assertThat(same.statusCode()).isEqualTo(206);
    assertThat(text(same)).isEqualTo("234");
    assertThat(other.statusCode()).isEqualTo(200);
    assertThat(text(other)).isEqualTo(TEXT);
  }

  @Test
  void savesTheWayToWhatTheClientHas() throws Exception {
    var id = image();

    var same = api.download(id, "If-None-Match", etag(id));
    var one = api.download(id, "If-None-Match", "\"other\", " + etag(id));
    var other = api.download(id, "If-None-Match", "\"other\"");

    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(header(same, "ETag")).hasValue(etag(id));
    assertThat(one.statusCode()).isEqualTo(304);
    assertThat(other.statusCode()).isEqualTo(200);
  }

  @Test
  void describesWithoutGiving() throws Exception {
    var id = image();

    var answer = api.call("HEAD", "/v2/images/" + id + "/file");
    var part = api.call("HEAD", "/v2/images/" + id + "/file", "Range", "bytes=2-4");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(header(answer, "Content-Length")).hasValue("10");
    assertThat(header(answer, "Accept-Ranges")).hasValue("bytes");
    assertThat(header(part, "Content-Length")).hasValue("3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-1", "bytes=a"})
  void hasNothingToGiveOfAQueuedImage(String range) throws Exception {
    var id = api.create(new JsonObject());

    assertThat(api.download(id).statusCode()).isEqualTo(204);
    assertThat(api.download(id).body()).isEmpty();
    assertThat(api.download(id, "Range", range).statusCode()).isEqualTo(416);
    assertThat(header(api.download(id, "Range", range), "Content-Range")).hasValue("bytes */0");
    assertThat(api.download(id, "Content-Range", "bytes 0-1/*").statusCode()).isEqualTo(416);
    assertThat(api.call("HEAD", "/v2/images/" + id + "/file").statusCode()).isEqualTo(204);
  }

  @Test
  void endsADownloadWhoseImageIsDeletedWhole() throws Exception {
    var data = UploadWireTest.data(8 << 20);
    var id = api.create(data);

    try (var connection = new RawConnection(port)) {
      connection.send("GET /v2/images/%s/file HTTP/1.1\r\nHost: test\r\n\r\n".formatted(id));
      var first = connection.readHead();
      assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);

      assertThat(connection.readBytes(Integer.parseInt(first.headers().get("content-length"))))
          .isEqualTo(data);
    }
  }
}
