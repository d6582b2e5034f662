package io.vitrine.api.uploads;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.filter.RawHttp2;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The interim answers of uploads over HTTP/2. */
@ExtendWith(SharedServer.class)
class RufhHttp2WireTest {
  private final TestingServer server;

  RufhHttp2WireTest(TestingServer server) {
    this.server = server;
  }

  @Test
  void announcesTheUpload() throws Exception {
    var rufh = new TestingRufh(server.port());
    var id = rufh.api.create();

    try (var connection = new RawHttp2(server.port(), 1 << 16)) {
      connection.begin(
          1,
          "PUT",
          TestingRufh.path(id, "file"),
          "content-type",
          "application/octet-stream",
          "content-length",
          "3",
          "upload-complete",
          "?1",
          "upload-draft-interop-version",
          "8");
      var interim = connection.readHead();
      assertThat(interim.status()).isEqualTo(104);
      assertThat(interim.field("location")).contains("/vitrine/v1/uploads/");
      assertThat(interim.field("upload-draft-interop-version")).isEqualTo("8");
      connection.finish(1, "abc".getBytes(UTF_8));

      var last = connection.readHead();
      assertThat(last.status()).isEqualTo(204);
      assertThat(last.field("upload-complete")).isEqualTo("?1");
    }
    rufh.assertHasData(id, "file", "abc".getBytes(UTF_8));
  }

  /** HTTP/2 marks the end of a body without a length. */
  @Test
  void takesABodyWithoutALength() throws Exception {
    var rufh = new TestingRufh(server.port());
    var id = rufh.api.create();
    var upload = rufh.begin(id, "file", "ab".getBytes(UTF_8));

    try (var connection = new RawHttp2(server.port(), 1 << 16)) {
      connection
          .begin(
              1,
              "PATCH",
              upload,
              "content-type",
              TestingRufh.PART,
              "upload-offset",
              "2",
              "upload-complete",
              "?1")
          .finish(1, "c".getBytes(UTF_8));

      assertThat(connection.readHead().status()).isEqualTo(204);
    }
    rufh.assertHasData(id, "file", "abc".getBytes(UTF_8));
  }
}
