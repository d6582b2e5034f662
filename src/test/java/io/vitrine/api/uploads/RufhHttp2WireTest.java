package io.vitrine.api.uploads;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;
import io.vitrine.api.filter.RawHttp2;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The interim answers of uploads over HTTP/2. */
@ExtendWith(SharedServer.class)
class RufhHttp2WireTest {
  private final TestingServer server;
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();

  RufhHttp2WireTest(TestingServer server) {
    this.server = server;
  }

  private Http2Headers read(RawHttp2 connection) throws Exception {
    var frame = connection.read();
    while (frame.type() != RawHttp2.HEADERS) {
      frame = connection.read();
    }
    return decoder.decodeHeaders(
        frame.stream(), Unpooled.wrappedBuffer(frame.payload().getBytes()));
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
      var interim = read(connection);
      assertThat(interim.status()).hasToString("104");
      assertThat(interim.get("location")).asString().contains("/vitrine/v1/uploads/");
      assertThat(interim.get("upload-draft-interop-version")).hasToString("8");
      connection.finish(1, "abc".getBytes(UTF_8));

      var last = read(connection);
      assertThat(last.status()).hasToString("204");
      assertThat(last.get("upload-complete")).hasToString("?1");
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

      assertThat(read(connection).status()).hasToString("204");
    }
    rufh.assertHasData(id, "file", "abc".getBytes(UTF_8));
  }
}
