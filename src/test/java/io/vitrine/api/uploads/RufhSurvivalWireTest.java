package io.vitrine.api.uploads;

import static io.vitrine.api.uploads.TestingRufh.VERSION;
import static io.vitrine.api.uploads.TestingRufh.header;
import static io.vitrine.api.uploads.TestingRufh.part;
import static io.vitrine.api.uploads.TestingRufh.path;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.RawConnection;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.HastyServers;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads by the draft through broken connections, restarts and competing requests. */
class RufhSurvivalWireTest {
  private static final int MIB = 1 << 20;
  private static final byte[] NOTHING = {};
  private static final byte[] DATA = UploadWireTest.data(6 * MIB + 123);

  @RegisterExtension final HastyServers servers = new HastyServers();

  private static byte[] from(long offset) {
    return part(DATA, offset, DATA.length);
  }

  /** An upload of all data whose client has been told where it is. */
  private record Begun(RawConnection connection, String upload) implements AutoCloseable {
    static Begun of(TestingRufh rufh, String image, String kind) throws IOException {
      var connection = rufh.openPut(path(image, kind), DATA.length, "Upload-Complete: ?1", VERSION);
      var interim = connection.readHead();
      assertThat(interim.status()).isEqualTo(104);
      return new Begun(connection, TestingRufh.place(interim));
    }

    @Override
    public void close() throws IOException {
      connection.close();
    }
  }

  private static void finish(TestingRufh rufh, String upload, long offset) throws Exception {
    var last = rufh.patch(upload, offset, from(offset), "?1");
    assertThat(last.statusCode()).as(last.body()).isEqualTo(204);
    assertThat(header(last, "Upload-Complete")).isEqualTo("?1");
  }

  @ParameterizedTest
  @CsvSource({"file,0", "file,70000", "file,5000000", "stage,3000000"})
  void goesOnAfterABrokenConnection(String kind, int sent) throws Exception {
    try (var server = servers.start()) {
      var rufh = new TestingRufh(server.port());
      var id = rufh.api.create();

      var begun = Begun.of(rufh, id, kind);
      begun.connection.send(part(DATA, 0, sent)).close();
      long offset = rufh.offset(begun.upload);
      assertThat(offset).isBetween(0L, (long) sent);
      assertThat(header(rufh.head(begun.upload), "Upload-Complete")).isEqualTo("?0");
      assertThat(header(rufh.head(begun.upload), "Upload-Length")).isEqualTo("" + DATA.length);
      assertThat(rufh.api.image(id).getString("status")).isIn("saving", "uploading");
      finish(rufh, begun.upload, offset);

      rufh.assertHasData(id, kind, DATA);
    }
  }

  @Test
  void goesOnAfterARestart() throws Exception {
    String id;
    String upload;
    try (var server = servers.start()) {
      var rufh = new TestingRufh(server.port());
      id = rufh.api.create();
      upload = rufh.begin(id, "file", part(DATA, 0, MIB));
      assertThat(rufh.patch(upload, MIB, part(DATA, MIB, 2 * MIB), "?0").statusCode())
          .isEqualTo(204);
    }
    try (var server = servers.start()) {
      var rufh = new TestingRufh(server.port());
      assertThat(rufh.offset(upload)).isEqualTo(2 * MIB);
      finish(rufh, upload, 2 * MIB);

      rufh.assertHasData(id, "file", DATA);
    }
  }

  @Test
  void leavesALiveWriterAtWork() throws Exception {
    try (var server = servers.start("VITRINE_UPLOADS__TAKEOVER", "1h")) {
      var rufh = new TestingRufh(server.port());
      var id = rufh.api.create();

      try (var begun = Begun.of(rufh, id, "file")) {
        begun.connection.send(part(DATA, 0, MIB));
        var other = rufh.patch(begun.upload, 0, DATA, "?1");
        assertThat(other.statusCode()).isEqualTo(423);
        assertThat(header(other, "Retry-After")).isEqualTo("1");
        begun.connection.send(from(MIB));
        assertThat(TestingRufh.read(begun.connection).last().status()).isEqualTo(204);
      }

      rufh.assertHasData(id, "file", DATA);
    }
  }

  /** The request that still sends when another asks for the offset cannot move it any more. */
  @ParameterizedTest
  @ValueSource(strings = {"file", "stage"})
  void tellsAnOffsetThatHolds(String kind) throws Exception {
    try (var server = servers.start()) {
      var rufh = new TestingRufh(server.port());
      var id = rufh.api.create();

      try (var begun = Begun.of(rufh, id, kind);
          var sender = new Trickle(begun.connection)) {
        sender.start();
        long offset = rufh.offset(begun.upload);
        finish(rufh, begun.upload, offset);
      }

      rufh.assertHasData(id, kind, DATA);
    }
  }

  /** Sends a little of the data again and again, until nobody takes it. */
  private static final class Trickle extends Thread implements AutoCloseable {
    private static final long PAUSE_NANOS = 5_000_000;

    private final RawConnection connection;
    private volatile boolean isOver;

    Trickle(RawConnection connection) {
      this.connection = connection;
    }

    @Override
    public void run() {
      try {
        for (int sent = 0; !isOver && sent < 5 * MIB; sent += 4096) {
          connection.send(part(DATA, sent, sent + 4096));
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      } catch (IOException closed) {
        isOver = true;
      }
    }

    @Override
    public void close() {
      isOver = true;
      try {
        join();
      } catch (InterruptedException ending) {
        currentThread().interrupt();
      }
    }
  }

  @Test
  void takesOverFromASilentWriter() throws Exception {
    try (var server = servers.start()) {
      var rufh = new TestingRufh(server.port());
      var id = rufh.api.create();

      try (var begun = Begun.of(rufh, id, "file")) {
        begun.connection.send(part(DATA, 0, 2 * MIB));
        long offset = rufh.offset(begun.upload);
        finish(rufh, begun.upload, offset);

        assertThat(TestingRufh.read(begun.connection).last().status()).isEqualTo(409);
      }
      rufh.assertHasData(id, "file", DATA);
    }
  }

  @Test
  void endsTheWriterOfACancelledUpload() throws Exception {
    try (var server = servers.start("VITRINE_UPLOADS__TAKEOVER", "1h")) {
      var rufh = new TestingRufh(server.port());
      var id = rufh.api.create();

      try (var begun = Begun.of(rufh, id, "file")) {
        begun.connection.send(part(DATA, 0, MIB));
        assertThat(rufh.api.call("DELETE", begun.upload).statusCode()).isEqualTo(204);

        assertThat(TestingRufh.read(begun.connection).last().status()).isIn(404, 409, 410);
        assertThat(rufh.head(begun.upload).statusCode()).isEqualTo(404);
      }
      assertThat(rufh.api.image(id).getString("status")).isEqualTo("queued");
    }
  }

  @Test
  void tellsProgress() throws Exception {
    try (var server = servers.start()) {
      var rufh = new TestingRufh(server.port());
      var id = rufh.api.create();
      var upload = rufh.begin(id, "file", NOTHING);

      try (var connection =
          rufh.openPatch(
              upload, 0, "Upload-Complete: ?1", VERSION, "Content-Length: " + DATA.length)) {
        connection.send(part(DATA, 0, 2 * MIB));
        var interim = connection.readHead();
        while (!interim.headers().containsValue(String.valueOf(2 * MIB))) {
          interim = connection.readHead();
        }
        assertThat(interim.status()).isEqualTo(104);
        assertThat(interim.headers())
            .containsEntry("upload-draft-interop-version", "8")
            .doesNotContainKey("location");
        connection.send(from(2 * MIB));
        assertThat(TestingRufh.read(connection).last().status()).isEqualTo(204);
      }
      rufh.assertHasData(id, "file", DATA);
    }
  }

  @Test
  void givesUpWhatDoesNotGoOn() throws Exception {
    try (var server = servers.start("VITRINE_UPLOADS__EXPIRY", "2s")) {
      var rufh = new TestingRufh(server.port());
      var id = rufh.api.create();
      var upload = rufh.begin(id, "file", part(DATA, 0, MIB));

      rufh.api.await(id, "queued");

      assertThat(rufh.patch(upload, MIB, from(MIB), "?1").statusCode()).isIn(404, 410);
      TestingConditions.await(() -> rufh.head(upload).statusCode(), status -> status == 404);
      assertThat(rufh.api.upload(id, DATA).statusCode()).isEqualTo(204);
    }
  }

  /** Nobody could go on with it, so nothing of it stays. */
  @Test
  void givesUpWhatTheClientCannotGoOnWith() throws Exception {
    try (var server = servers.start()) {
      var rufh = new TestingRufh(server.port());
      for (var complete : List.of("?0", "?1")) {
        var id = rufh.api.create();
        try (var connection =
            rufh.openPut(path(id, "file"), DATA.length, "Upload-Complete: " + complete)) {
          connection.send(part(DATA, 0, MIB));
          rufh.api.await(id, "saving");
        }

        rufh.api.await(id, "queued");
        assertThat(rufh.api.upload(id, DATA).statusCode()).isEqualTo(204);
      }
    }
  }

  @Test
  void reservesTheQuota() throws Exception {
    try (var server =
        servers.start("VITRINE_QUOTA__SOURCE", "local", "VITRINE_QUOTA__IMAGE_SIZE_TOTAL", "8")) {
      var rufh = new TestingRufh(server.port());
      var id = rufh.api.create();
      var other = rufh.api.create();
      var upload = rufh.begin(id, "file", NOTHING, "Upload-Length", String.valueOf(DATA.length));

      var refused =
          rufh.send(
              "PUT",
              path(other, "file"),
              NOTHING,
              "Upload-Complete",
              "?0",
              "Upload-Length",
              String.valueOf(3 * MIB),
              "Content-Type",
              "application/octet-stream");
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(413);
      assertThat(header(refused, "Upload-Limit")).startsWith("max-size=");
      finish(rufh, upload, 0);

      rufh.assertHasData(id, "file", DATA);
    }
  }

  @Test
  void tellsBrowsersWhatTheyMaySendAndRead() throws Exception {
    try (var server =
        servers.start("VITRINE_HTTP__CORS__ALLOWED_ORIGINS", "https://console.example")) {
      var rufh = new TestingRufh(server.port());
      var file = path(rufh.api.create(), "file");

      var preflight =
          rufh.api.call(
              "OPTIONS",
              file,
              "Origin",
              "https://console.example",
              "Access-Control-Request-Method",
              "PUT",
              "Access-Control-Request-Headers",
              "upload-complete,upload-length,upload-draft-interop-version,content-digest");
      var plain = rufh.api.call("OPTIONS", file, "Origin", "https://console.example");

      assertThat(preflight.statusCode()).isEqualTo(200);
      assertThat(header(preflight, "Access-Control-Allow-Headers")).contains("upload-complete");
      assertThat(header(plain, "Upload-Limit")).startsWith("max-size=");
      assertThat(List.of(header(plain, "Access-Control-Expose-Headers").split(",", -1)))
          .contains("Location", "Upload-Offset", "Upload-Complete", "Upload-Limit");
    }
  }
}
