package io.vitrine.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.net.URI;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How far uploads are, as watchers of their images are told. */
@ExtendWith(SharedServer.class)
class ProgressWireTest {
  private static final byte[] DATA = UploadWireTest.data(8 << 20);
  private static final int HALF = DATA.length / 2;
  private static final byte[] FIRST = Arrays.copyOf(DATA, HALF);
  private static final byte[] SECOND = Arrays.copyOfRange(DATA, HALF, DATA.length);

  private final TestingServer server;
  private final TestingApi api;
  private final TestingApi management;

  ProgressWireTest(TestingServer server) {
    this.server = server;
    this.api = new TestingApi(server.port());
    this.management = new TestingApi(server.managementPort());
  }

  private TestingEvents watch(String id) throws Exception {
    return TestingEvents.open(server.port(), "/v2/images/" + id + "/events");
  }

  private static JsonObject progress(TestingEvents events) {
    return events
        .await(event -> event.name().equals("progress") && event.data().getLong("bytes") > 0)
        .data();
  }

  private static void end(RawConnection connection) throws Exception {
    assertThat(connection.readHead().status()).isEqualTo(204);
  }

  @Test
  void tellsOfAnUploadOfKnownLength() throws Exception {
    var id = api.create();
    try (var events = watch(id);
        var connection = new RawConnection(server.port())) {
      connection
          .put("/v2/images/" + id + "/file", "Content-Length: " + DATA.length + "\r\n")
          .send(FIRST);
      var told = progress(events);

      assertThat(told.getString("image_id")).isEqualTo(id);
      assertThat(told.getString("kind")).isEqualTo("file");
      assertThat(told.getLong("bytes")).isLessThanOrEqualTo(HALF);
      assertThat(told.getLong("total")).isEqualTo(DATA.length);
      assertThat(told.getLong("rate")).isPositive();
      assertThat(told.getLong("eta")).isNotNegative();
      assertThat(management.call("GET", "/metrics").body())
          .containsPattern("vitrine_upload_received_bytes [1-9]")
          .containsPattern("vitrine_upload_expected_bytes [1-9]")
          .contains("vitrine_upload_rate_bytes ", "vitrine_upload_remaining_seconds ");

      connection.send(SECOND);
      end(connection);
      events.await(event -> event.name().equals("end") && event.has("reason", "final"));
    }
    assertThat(api.download(id).body()).isEqualTo(DATA);
  }

  @Test
  void tellsOfAnUploadInChunks() throws Exception {
    var id = api.create();
    try (var events = watch(id);
        var connection = new RawConnection(server.port())) {
      connection.put("/v2/images/" + id + "/file", "Transfer-Encoding: chunked\r\n").chunk(FIRST);
      var told = progress(events);

      assertThat(told.getMap()).containsEntry("total", null).containsEntry("eta", null);

      connection.chunk(SECOND).chunk(new byte[0]);
      end(connection);
    }
  }

  @Test
  void tellsOfStaging() throws Exception {
    var id = api.create();
    try (var events = watch(id);
        var connection = new RawConnection(server.port())) {
      connection
          .put("/v2/images/" + id + "/stage", "Content-Length: " + DATA.length + "\r\n")
          .send(FIRST);

      assertThat(progress(events).getString("kind")).isEqualTo("stage");

      connection.send(SECOND);
      end(connection);
    }
  }

  @Test
  void tellsOfAnUploadInSeveralRequests() throws Exception {
    var id = api.create();
    var created =
        api.call(
            "POST",
            "/vitrine/v1/images/" + id + "/uploads",
            "Tus-Resumable",
            "1.0.0",
            "Upload-Length",
            String.valueOf(DATA.length));
    var upload = URI.create(created.headers().firstValue("Location").orElseThrow()).getPath();
    try (var events = watch(id)) {
      try (var broken = patch(upload, 0)) {
        broken.send(FIRST);
        assertThat(progress(events).getLong("total")).isEqualTo(DATA.length);
      }
      long arrived = TestingConditions.await(() -> offset(upload), bytes -> bytes == HALF);
      try (var connection = patch(upload, arrived)) {
        connection.send(Arrays.copyOf(SECOND, SECOND.length - 1));

        events.await(
            event -> event.name().equals("progress") && event.data().getLong("bytes") > HALF);

        connection.send(new byte[] {SECOND[SECOND.length - 1]});
        end(connection);
      }
    }
  }

  private RawConnection patch(String upload, long offset) throws Exception {
    return new RawConnection(server.port())
        .send(
            """
            PATCH %s HTTP/1.1\r
            Host: test\r
            Tus-Resumable: 1.0.0\r
            Upload-Offset: %d\r
            Content-Type: application/offset+octet-stream\r
            Content-Length: %d\r
            \r
            """
                .formatted(upload, offset, DATA.length - offset));
  }

  private long offset(String upload) throws Exception {
    return Long.parseLong(
        api.call("HEAD", upload, "Tus-Resumable", "1.0.0")
            .headers()
            .firstValue("Upload-Offset")
            .orElse("0"));
  }

  @Test
  void tellsOfAnUploadByTicket() throws Exception {
    var id = api.create();
    var ticket =
        new JsonObject(
            api.post(
                    "/vitrine/v1/images/" + id + "/tickets",
                    new JsonObject().put("method", "upload"))
                .body());
    var url = URI.create(ticket.getString("url"));
    try (var events = watch(id);
        var connection = new RawConnection(server.port())) {
      connection.put(url.getPath(), "Content-Length: " + DATA.length + "\r\n").send(FIRST);

      assertThat(progress(events).getLong("total")).isEqualTo(DATA.length);

      connection.send(SECOND);
      end(connection);
    }
  }
}
