package io.vitrine.api.uploads;

import static io.vitrine.api.uploads.TestingTus.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.HastyServers;
import io.vitrine.app.TestingServer;
import io.vitrine.catalog.TestingDatabase;
import io.vitrine.testing.TestingConditions;
import java.sql.DriverManager;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads through broken connections, restarts and competing clients, and those that expire. */
class TusSurvivalWireTest {
  private static final int MIB = 1 << 20;
  private static final byte[] DATA = UploadWireTest.data(6 * MIB + 123);

  @RegisterExtension final HastyServers servers = new HastyServers();

  private static byte[] from(long offset) {
    return Arrays.copyOfRange(DATA, Math.toIntExact(offset), DATA.length);
  }

  private static void goOn(TestingTus tus, String upload, long offset) {
    TestingConditions.await(
        () -> tus.patch(upload, offset, from(offset)).statusCode(), status -> status != 423);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 70_000, 200_000})
  void keepsWhatArrivedBeforeTheConnectionBroke(int sent) throws Exception {
    try (var server = servers.start()) {
      var tus = new TestingTus(server.port());
      var id = tus.api.create();
      var upload = tus.begin(id, DATA.length);

      tus.openWanted(upload, 0, DATA.length).send(Arrays.copyOf(DATA, sent)).close();
      long offset = TestingConditions.await(() -> tus.offset(upload), arrived -> arrived == sent);
      goOn(tus, upload, offset);

      tus.api.assertHasData(id, DATA);
    }
  }

  @Test
  void forgetsAPartWhoseChecksumIsUnknown() throws Exception {
    try (var server = servers.start()) {
      var tus = new TestingTus(server.port());
      var upload = tus.begin(tus.api.create(), DATA.length);
      var some = Arrays.copyOf(DATA, MIB);

      tus.open(upload, 0, DATA.length, "Upload-Checksum: md5 1B2M2Y8AsgTpgAmY7PhCfg==")
          .send(some)
          .close();
      TestingConditions.await(
          () -> tus.patch(upload, 0, some).statusCode(), status -> status == 204);

      assertThat(tus.offset(upload)).isEqualTo(MIB);
    }
  }

  /** The digests continue from the bytes in the file. */
  @ParameterizedTest
  @ValueSource(strings = {"", "VITRINE_STORES__BACKENDS__LOCAL__THIN_PROVISIONING"})
  void goesOnAfterARestart(String option) throws Exception {
    var id = "";
    var upload = "";
    long known;
    var options = option.isEmpty() ? new String[0] : new String[] {option, "true"};
    try (var server = servers.start(options)) {
      var tus = new TestingTus(server.port());
      id = tus.api.create();
      upload = tus.begin(id, DATA.length);
      var path = upload;
      assertThat(tus.patch(path, 0, Arrays.copyOf(DATA, MIB)).statusCode()).isEqualTo(204);
      tus.open(path, MIB, DATA.length - MIB).send(Arrays.copyOfRange(DATA, MIB, 3 * MIB));
      known = TestingConditions.await(() -> tus.offset(path), offset -> offset > 2 * MIB);
    }

    try (var server = servers.start(options)) {
      var tus = new TestingTus(server.port());
      long offset = tus.offset(upload);
      assertThat(offset).isBetween(known, 3L * MIB);
      assertThat(tus.api.image(id).getString("status")).isEqualTo("saving");
      goOn(tus, upload, offset);

      tus.api.assertHasData(id, DATA);
      assertThat(tus.offset(upload)).isEqualTo(DATA.length);
    }
  }

  @Test
  void goesOnAfterARestartWithAnEmbeddedDatabase() throws Exception {
    var upload = "";
    var id = "";
    var embedded = TestingServer.EMBEDDED.entrySet().iterator().next();
    try (var server = servers.start(embedded.getKey(), embedded.getValue())) {
      var tus = new TestingTus(server.port());
      id = tus.api.create();
      upload = tus.begin(id, DATA.length);
      assertThat(tus.patch(upload, 0, Arrays.copyOf(DATA, 3 * MIB)).statusCode()).isEqualTo(204);
    }

    try (var server = servers.start(embedded.getKey(), embedded.getValue())) {
      var tus = new TestingTus(server.port());
      assertThat(tus.offset(upload)).isEqualTo(3 * MIB);
      goOn(tus, upload, 3 * MIB);

      tus.api.assertHasData(id, DATA);
    }
  }

  /** If the process dies in the first request, nobody gives the lease back. */
  @Test
  void answersARepeatedCreationAfterADeadOne() throws Exception {
    try (var server = servers.start()) {
      var tus = new TestingTus(server.port());
      var id = tus.api.create();
      var length = String.valueOf(DATA.length);
      var upload = tus.begin(id, DATA.length);
      leaseToNobody();
      assertThat(tus.create(id, "Upload-Length", length).statusCode()).isEqualTo(409);

      TestingConditions.await(
          () -> tus.create(id, "Upload-Length", length).statusCode(), status -> status == 201);

      assertThat(tus.begin(id, DATA.length)).isEqualTo(upload);
      goOn(tus, upload, 0);
      tus.api.assertHasData(id, DATA);
    }
  }

  private void leaseToNobody() throws Exception {
    var address = TestingDatabase.of(servers.directory());
    try (var connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        var statement = connection.createStatement()) {
      statement.execute(
          "update uploads set leased_by = gen_random_uuid(), leased_until = now() + interval '3 s'");
    }
  }

  @Test
  void leavesALiveWriterAlone() throws Exception {
    try (var server = servers.start()) {
      var tus = new TestingTus(server.port());
      var id = tus.api.create();
      var upload = tus.begin(id, DATA.length);

      try (var connection = tus.openWanted(upload, 0, DATA.length)) {
        int sent = 0;
        for (int i = 0; i < 20; i++) {
          connection.send(Arrays.copyOfRange(DATA, sent, sent + 50_000));
          sent += 50_000;
          long offset = tus.offset(upload);
          var answer = tus.patch(upload, offset, from(offset));
          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(423);
        }
        connection.send(from(sent));
        assertThat(connection.read().status()).isEqualTo(204);
      }
      tus.api.assertHasData(id, DATA);
    }
  }

  @Test
  void takesOverFromASilentWriter() throws Exception {
    try (var server = servers.start()) {
      var tus = new TestingTus(server.port());
      var id = tus.api.create();
      var upload = tus.begin(id, DATA.length);

      try (var silent = tus.open(upload, 0, DATA.length)) {
        silent.send(Arrays.copyOf(DATA, 2 * MIB));
        TestingConditions.await(() -> tus.offset(upload), offset -> offset == 2 * MIB);
        goOn(tus, upload, 2 * MIB);

        assertThat(silent.read().status()).isEqualTo(409);
      }
      tus.api.assertHasData(id, DATA);
    }
  }

  @Test
  void givesUpWhatDoesNotGoOn() throws Exception {
    try (var server = servers.start("VITRINE_UPLOADS__EXPIRY", "2s")) {
      var tus = new TestingTus(server.port());
      var id = tus.api.create();
      var upload = tus.begin(id, DATA.length);
      assertThat(tus.patch(upload, 0, Arrays.copyOf(DATA, MIB)).statusCode()).isEqualTo(204);
      var complete = tus.begin(tus.api.create(), 1);
      assertThat(tus.patch(complete, 0, new byte[1]).statusCode()).isEqualTo(204);

      TestingConditions.await(
          () -> tus.api.image(id).getString("status"), status -> status.equals("queued"));

      assertThat(tus.patch(upload, MIB, new byte[1]).statusCode()).isIn(404, 410);
      TestingConditions.await(() -> tus.head(upload).statusCode(), status -> status == 404);
      TestingConditions.await(() -> tus.head(complete).statusCode(), status -> status == 404);
      TestingConditions.await(server::blobs, blobs -> blobs.size() == markers(server) + 1);
      assertThat(tus.api.upload(id, DATA).statusCode()).isEqualTo(204);
    }
  }

  /** Files that are no data. */
  private static long markers(TestingServer server) {
    return server.blobs().stream()
        .filter(file -> !file.getFileName().toString().matches("[0-9a-f-]{36}(\\.part)?"))
        .count();
  }

  @Test
  void reservesTheQuota() throws Exception {
    try (var server =
        servers.start("VITRINE_QUOTA__SOURCE", "local", "VITRINE_QUOTA__IMAGE_SIZE_TOTAL", "8")) {
      var tus = new TestingTus(server.port());
      var id = tus.api.create();
      var other = tus.api.create();
      var upload = tus.begin(id, DATA.length);

      var refused = tus.create(other, "Upload-Length", String.valueOf(3 * MIB));
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(413);
      assertThat(tus.api.image(other).getString("status")).isEqualTo("queued");
      var later = TestingTus.location(tus.create(other, "Upload-Defer-Length", "1"));
      assertThat(tus.patch(later, 0, Arrays.copyOf(DATA, MIB)).statusCode()).isEqualTo(204);
      assertThat(tus.patch(later, MIB, Arrays.copyOf(DATA, 2 * MIB)).statusCode()).isEqualTo(413);
      var length = tus.patch(later, tus.offset(later), new byte[0], "Upload-Length", "3145728");
      assertThat(length.statusCode()).isEqualTo(413);

      goOn(tus, upload, 0);
      tus.api.assertHasData(id, DATA);
      assertThat(tus.end(later).statusCode()).isEqualTo(204);
      assertThat(tus.create(other, "Upload-Length", "1000000").statusCode()).isEqualTo(201);
    }
  }

  @Test
  void tellsBrowsersWhatTheyMaySendAndRead() throws Exception {
    try (var server =
        servers.start("VITRINE_HTTP__CORS__ALLOWED_ORIGINS", "https://console.example")) {
      var tus = new TestingTus(server.port());
      var path = "/vitrine/v1/images/" + tus.api.create() + "/uploads";

      var preflight =
          tus.api.call(
              "OPTIONS",
              path,
              "Origin",
              "https://console.example",
              "Access-Control-Request-Method",
              "POST",
              "Access-Control-Request-Headers",
              "tus-resumable,upload-length,upload-metadata,upload-offset,upload-defer-length,"
                  + "upload-checksum,x-http-method-override,content-type,x-auth-token");
      var plain = tus.api.call("OPTIONS", path);
      var created =
          tus.send(
              "POST", path, new byte[0], "Origin", "https://console.example", "Upload-Length", "1");

      assertThat(header(preflight, "Access-Control-Allow-Headers")).contains("upload-checksum");
      assertThat(header(preflight, "Access-Control-Allow-Methods")).isEqualTo("POST");
      assertThat(header(plain, "Tus-Version")).isEqualTo("1.0.0");
      assertThat(List.of(header(created, "Access-Control-Expose-Headers").split(",", -1)))
          .contains("Location", "Upload-Offset", "Upload-Length", "Tus-Resumable");
    }
  }
}
