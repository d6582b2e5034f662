package io.vitrine.api.uploads;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.filter.RawHttp2;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Data over HTTP/2, which marks the end of a body without a length. */
@ExtendWith(SharedServer.class)
class TusHttp2WireTest {
  private static final byte[] DATA = "abc".getBytes(UTF_8);

  private final TestingServer server;
  private final TestingTus tus;

  TusHttp2WireTest(TestingServer server) {
    this.server = server;
    this.tus = new TestingTus(server.port());
  }

  private RawHttp2 connect() throws IOException {
    return new RawHttp2(server.port(), 1 << 16);
  }

  private static String uploads(String image) {
    return "/vitrine/v1/images/" + image + "/uploads";
  }

  /** Creates an upload of three bytes with data of a type; answers what the server says. */
  private RawHttp2.Head create(String image, String type) throws IOException {
    try (var connection = connect()) {
      return connection
          .begin(
              1,
              "POST",
              uploads(image),
              "tus-resumable",
              "1.0.0",
              "upload-length",
              "3",
              "content-type",
              type)
          .finish(1, DATA)
          .readHead();
    }
  }

  private RawHttp2.Head patch(String upload, byte[] data) throws IOException {
    try (var connection = connect()) {
      return connection
          .begin(
              1,
              "PATCH",
              upload,
              "tus-resumable",
              "1.0.0",
              "upload-offset",
              "0",
              "content-type",
              TestingTus.PART)
          .finish(1, data)
          .readHead();
    }
  }

  @Test
  void takesDataWithoutALength() throws Exception {
    var id = tus.api.create();
    var upload = tus.begin(id, DATA.length);

    var answer = patch(upload, DATA);

    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.field("upload-offset")).isEqualTo("3");
    tus.api.assertHasData(id, DATA);
  }

  @Test
  void refusesMoreThanTheLength() throws Exception {
    var id = tus.api.create();
    var upload = tus.begin(id, DATA.length);

    assertThat(patch(upload, "abcd".getBytes(UTF_8)).status()).isEqualTo(400);

    assertThat(tus.offset(upload)).isLessThan(DATA.length);
    assertThat(tus.api.image(id).getString("status")).isEqualTo("saving");
  }

  @Test
  void takesTheFirstDataWithoutALength() throws Exception {
    var id = tus.api.create();

    var answer = create(id, TestingTus.PART);

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.field("upload-offset")).isEqualTo("3");
    tus.api.assertHasData(id, DATA);
  }

  @Test
  void refusesFirstDataOfAnotherType() throws Exception {
    var id = tus.api.create();

    assertThat(create(id, "application/octet-stream").status()).isEqualTo(415);

    assertThat(tus.api.image(id).getString("status")).isEqualTo("queued");
  }

  @Test
  void needsNoDataAtFirst() throws Exception {
    var id = tus.api.create();

    try (var connection = connect()) {
      var answer =
          connection
              .call(1, "POST", uploads(id), "tus-resumable", "1.0.0", "upload-length", "3")
              .readHead();

      assertThat(answer.status()).isEqualTo(201);
      assertThat(answer.field("upload-offset")).isEqualTo("0");
    }
  }
}
