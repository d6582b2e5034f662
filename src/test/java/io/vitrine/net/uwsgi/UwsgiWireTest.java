package io.vitrine.net.uwsgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API as fronts reach it by the uwsgi protocol. */
@ExtendWith(SharedServer.class)
class UwsgiWireTest {
  private static final int MIB = 1 << 20;

  private final int port;
  private final TestingApi api;

  UwsgiWireTest(TestingServer server) {
    port = server.uwsgiPort();
    api = new TestingApi(server.port());
  }

  private RawConnection send(TestingPacket packet) throws Exception {
    return new RawConnection(port).send(packet.bytes());
  }

  private static TestingPacket upload(String id) {
    return TestingPacket.upload("/v2/images/" + id + "/file");
  }

  private static TestingPacket upload(String id, int length) {
    return upload(id).with("CONTENT_LENGTH", String.valueOf(length));
  }

  private static byte[] data(int size) {
    var data = new byte[size];
    new Random(size).nextBytes(data);
    return data;
  }

  @Test
  void takesAnUploadAndGivesItBack() throws Exception {
    var id = api.create();
    var data = data(3 * MIB + 1);

    try (var upload = send(upload(id, data.length)).send(data)) {
      assertThat(upload.read().status()).isEqualTo(204);
      assertThat(upload.isClosedByServer()).isTrue();
    }

    try (var download = send(TestingPacket.of("GET", "/v2/images/" + id + "/file"))) {
      var head = download.readHead();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.headers())
          .containsEntry("content-length", String.valueOf(data.length))
          .doesNotContainKeys("connection", "transfer-encoding");
      assertThat(download.readBytes(data.length + 1)).isEqualTo(data);
    }
  }

  @Test
  void givesRangesAndHeads() throws Exception {
    var id = api.create(data(1000));
    var get = TestingPacket.of("GET", "/v2/images/" + id + "/file");

    try (var range = send(get.with("HTTP_RANGE", "bytes=10-19"));
        var head = send(TestingPacket.of("HEAD", "/v2/images/" + id + "/file"))) {
      assertThat(range.readHead().status()).isEqualTo(206);
      assertThat(range.readBytes(11)).isEqualTo(Arrays.copyOfRange(data(1000), 10, 20));
      assertThat(head.readHead().headers()).containsEntry("content-length", "1000");
      assertThat(head.isClosedByServer()).isTrue();
    }
  }

  @Test
  void takesChunksWithTheirFraming() throws Exception {
    var id = api.create();
    var chunks = upload(id).with("HTTP_TRANSFER_ENCODING", "chunked");

    try (var upload = send(chunks).chunk(data(MIB)).chunk(data(7)).chunk(new byte[0])) {
      assertThat(upload.read().status()).isEqualTo(204);
    }

    assertThat(api.image(id).getLong("size")).isEqualTo(MIB + 7);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void forgetsABodyThatIsCut(boolean isReset) throws Exception {
    var id = api.create();

    var upload = send(upload(id, MIB)).send(data(MIB / 2));
    api.await(id, "saving");
    if (isReset) {
      upload.cut();
    } else {
      upload.close();
    }

    assertThat(api.await(id, "queued").getLong("size")).isNull();
  }

  @Test
  void forgetsChunksWithoutTheLastOne() throws Exception {
    var id = api.create();

    try (var upload = send(upload(id).with("HTTP_TRANSFER_ENCODING", "chunked"))) {
      upload.chunk(data(MIB));
      api.await(id, "saving");
    }

    assertThat(api.await(id, "queued").getLong("size")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"zz\r\nab\r\n0\r\n\r\n", "-1\r\n", "2\r\nabc\r\n0\r\n\r\n", "data\n"})
  void answersChunksThatAreNoneAndForgetsThem(String chunks) throws Exception {
    var id = api.create();

    try (var upload = send(upload(id).with("HTTP_TRANSFER_ENCODING", "chunked"))) {
      upload.chunk(data(10));
      api.await(id, "saving");
      upload.send(chunks);

      assertThat(upload.read().status()).isEqualTo(400);
      assertThat(upload.isClosedByServer()).isTrue();
      assertThat(api.await(id, "queued").getLong("size")).isNull();
    }
  }

  @Test
  void refusesDataWithoutAnEnd() throws Exception {
    var id = api.create();

    try (var upload = send(upload(id)).send(data(1000))) {
      assertThat(upload.read().status()).isEqualTo(411);
    }

    assertThat(api.image(id).getString("status")).isEqualTo("queued");
  }

  /** Apache sends all of a body before it looks for an answer. */
  @Test
  void answersFrontsThatSendAllFirst() throws Exception {
    var id = api.create(data(10));

    try (var upload = send(upload(id, 40 * MIB))) {
      for (int sent = 0; sent < 40; sent++) {
        upload.send(data(MIB));
      }
      assertThat(upload.read().status()).isEqualTo(409);
      assertThat(upload.isClosedByServer()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takesOneRequestFromAConnection(boolean isChunked) throws Exception {
    var id = api.create();
    var second = TestingPacket.of("DELETE", "/v2/images/" + id).bytes();
    var first = isChunked ? upload(id).with("HTTP_TRANSFER_ENCODING", "chunked") : upload(id, 5);

    try (var connection = send(first)) {
      connection.send(isChunked ? "5\r\nbytes\r\n0\r\n\r\n" : "bytes");
      connection.send("DELETE /v2/images/%s HTTP/1.1\r\nHost: a\r\n\r\n".formatted(id));
      connection.send(second);

      assertThat(connection.read().status()).isEqualTo(204);
      assertThat(connection.isClosedByServer()).isTrue();
    }

    assertThat(api.image(id).getString("status")).isEqualTo("active");
  }

  @Test
  void findsWhatIsBelowTheMountPoint() throws Exception {
    var id = api.create();
    var get = TestingPacket.of("GET", "/image/v2/images/" + id).but("SCRIPT_NAME", "/image");

    try (var connection = send(get)) {
      assertThat(connection.read().status()).isEqualTo(200);
    }
  }

  @Test
  void refusesWhatIsNoRequest() throws Exception {
    try (var http = new RawConnection(port).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var spooler = new RawConnection(port).send(new byte[] {17, 0, 0, 0});
        var contradiction = send(upload("x", 1).with("CONTENT_LENGTH", "2"))) {
      assertThat(http.read().status()).isEqualTo(400);
      assertThat(http.isClosedByServer()).isTrue();
      assertThat(spooler.read().status()).isEqualTo(400);
      assertThat(contradiction.read().status()).isEqualTo(400);
    }
  }

  @Test
  void takesLargeHeads() throws Exception {
    var get = TestingPacket.of("GET", "/healthcheck").with("HTTP_X_LONG", "a".repeat(60_000));

    try (var connection = send(get)) {
      assertThat(connection.read().status()).isEqualTo(200);
    }
  }
}
