package io.vitrine.api.uploads;

import static io.vitrine.api.uploads.TestingTus.header;
import static io.vitrine.api.uploads.TestingTus.location;
import static io.vitrine.api.uploads.TestingTus.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import java.security.MessageDigest;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads in several requests that go well. */
@ExtendWith(SharedServer.class)
class TusWireTest {
  private static final int MIB = 1 << 20;
  private static final byte[] NOTHING = {};

  private final TestingTus tus;
  private final TestingApi api;

  TusWireTest(TestingServer server) {
    this.tus = new TestingTus(server.port());
    this.api = tus.api;
  }

  private static byte[] data(int size) {
    return UploadWireTest.data(size);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1000, MIB, 9 * MIB + 1})
  void storesDataThatComesInOneRequest(int size) throws Exception {
    var id = api.create();
    var data = data(size);

    var upload = tus.begin(id, size);
    assertThat(api.image(id).getString("status")).isEqualTo("saving");
    var answer = tus.patch(upload, 0, data);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    assertThat(header(answer, "Upload-Offset")).isEqualTo(String.valueOf(size));
    assertThat(header(answer, "Tus-Resumable")).isEqualTo("1.0.0");
    assertThat(tus.offset(upload)).isEqualTo(size);
    api.assertHasData(id, data);
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 256 * 1024, 3 * MIB + 7})
  void storesDataThatComesInManyRequests(int part) throws Exception {
    var id = api.create();
    var data = data(5 * part + 11);
    var upload = tus.begin(id, data.length);

    for (int from = 0; from < data.length; from += part) {
      int to = Math.min(data.length, from + part);
      var answer = tus.patch(upload, from, Arrays.copyOfRange(data, from, to));

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
      assertThat(header(answer, "Upload-Offset")).isEqualTo(String.valueOf(to));
      assertThat(tus.offset(upload)).isEqualTo(to);
    }

    api.assertHasData(id, data);
  }

  @Test
  void takesDataWithTheCreation() throws Exception {
    var id = api.create();
    var data = data(1000);
    var path = "/vitrine/v1/images/" + id + "/uploads";

    var created =
        tus.send(
            "POST",
            path,
            Arrays.copyOf(data, 400),
            "Upload-Length",
            "1000",
            "Content-Type",
            TestingTus.PART);
    assertThat(header(created, "Upload-Offset")).isEqualTo("400");
    var answer = tus.patch(location(created), 400, Arrays.copyOfRange(data, 400, 1000));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    api.assertHasData(id, data);
  }

  @Test
  void takesAllDataWithTheCreation() throws Exception {
    var id = api.create();
    var data = data(1000);
    var path = "/vitrine/v1/images/" + id + "/uploads";

    var created =
        tus.send("POST", path, data, "Upload-Length", "1000", "Content-Type", TestingTus.PART);

    assertThat(tus.offset(location(created))).isEqualTo(1000);
    api.assertHasData(id, data);
  }

  @Test
  void storesNothingAsAnEmptyImage() throws Exception {
    var id = api.create();

    var upload = tus.begin(id, 0);

    assertThat(tus.offset(upload)).isZero();
    api.assertHasData(id, NOTHING);
  }

  @Test
  void learnsTheLengthLater() throws Exception {
    var id = api.create();
    var data = data(3000);
    var upload = location(tus.create(id, "Upload-Defer-Length", "1"));

    assertThat(header(tus.head(upload), "Upload-Defer-Length")).isEqualTo("1");
    assertThat(tus.patch(upload, 0, Arrays.copyOf(data, 1000)).statusCode()).isEqualTo(204);
    assertThat(header(tus.head(upload), "Upload-Length")).isEqualTo("none");
    var last =
        tus.patch(upload, 1000, Arrays.copyOfRange(data, 1000, 3000), "Upload-Length", "3000");

    assertThat(last.statusCode()).as(last.body()).isEqualTo(204);
    api.assertHasData(id, data);
  }

  @Test
  void learnsTheLengthWhenAllDataIsThere() throws Exception {
    var id = api.create();
    var data = data(3000);
    var upload = location(tus.create(id, "Upload-Defer-Length", "1"));

    assertThat(tus.patch(upload, 0, data).statusCode()).isEqualTo(204);
    var last = tus.patch(upload, 3000, NOTHING, "Upload-Length", "3000");

    assertThat(last.statusCode()).as(last.body()).isEqualTo(204);
    api.assertHasData(id, data);
  }

  @Test
  void keepsWhatTheClientWantsToKnow() throws Exception {
    var id = api.create();
    var kept = metadata("filename", "Fenêtre.raw") + ",is_confidential";

    var upload = tus.begin(id, 10, "Upload-Metadata", kept);

    var answer = tus.head(upload);
    assertThat(header(answer, "Upload-Metadata")).isEqualTo(kept);
    assertThat(header(answer, "Upload-Length")).isEqualTo("10");
    assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
    assertThat(header(answer, "Upload-Expires")).endsWith("GMT");
  }

  @Test
  void stagesDataForAnImport() throws Exception {
    var id = api.create();
    var data = data(2 * MIB);
    var upload = tus.begin(id, data.length, "Upload-Metadata", metadata("kind", "stage"));

    assertThat(api.image(id).getString("status")).isEqualTo("uploading");
    assertThat(tus.patch(upload, 0, Arrays.copyOf(data, MIB)).statusCode()).isEqualTo(204);
    assertThat(api.importStaged(id).statusCode()).isEqualTo(409);
    var last = tus.patch(upload, MIB, Arrays.copyOfRange(data, MIB, 2 * MIB));
    assertThat(last.statusCode()).as(last.body()).isEqualTo(204);
    assertThat(api.importStaged(id).statusCode()).isEqualTo(202);

    api.await(id, "active");
    api.assertHasData(id, data);
  }

  @Test
  void storesWhereTheClientWants() throws Exception {
    var id = api.create();

    var upload = tus.begin(id, 10, "Upload-Metadata", metadata("store", "archive"));
    assertThat(tus.patch(upload, 0, data(10)).statusCode()).isEqualTo(204);

    assertThat(api.image(id).getString("stores")).isEqualTo("archive");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA-1", "SHA-256", "SHA-512", "MD5"})
  void checksWhatArrives(String algorithm) throws Exception {
    var id = api.create();
    var data = data(3000);
    var upload = tus.begin(id, 3000);
    var first = Arrays.copyOf(data, 1000);
    var rest = Arrays.copyOfRange(data, 1000, 3000);

    assertThat(tus.patch(upload, 0, first, "Upload-Checksum", checksum(algorithm, first)))
        .returns(204, answer -> answer.statusCode());
    var wrong = tus.patch(upload, 1000, rest, "Upload-Checksum", checksum(algorithm, first));
    assertThat(wrong.statusCode()).isEqualTo(460);
    assertThat(tus.offset(upload)).isEqualTo(1000);
    assertThat(api.image(id).getString("status")).isEqualTo("saving");
    var right = tus.patch(upload, 1000, rest, "Upload-Checksum", checksum(algorithm, rest));

    assertThat(right.statusCode()).as(right.body()).isEqualTo(204);
    api.assertHasData(id, data);
  }

  private static String checksum(String algorithm, byte[] data) throws Exception {
    var digest = MessageDigest.getInstance(algorithm).digest(data);
    return algorithm.replace("-", "").toLowerCase(java.util.Locale.ROOT)
        + " "
        + java.util.Base64.getEncoder().encodeToString(digest);
  }

  @Test
  void tellsWhatItOffers() throws Exception {
    var answer = api.call("OPTIONS", "/vitrine/v1/uploads/" + new java.util.UUID(0, 0));

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(header(answer, "Tus-Version")).isEqualTo("1.0.0");
    assertThat(header(answer, "Tus-Extension")).contains("creation-with-upload", "termination");
    assertThat(header(answer, "Tus-Checksum-Algorithm")).isEqualTo("sha1,sha256,sha512,md5");
    assertThat(Long.parseLong(header(answer, "Tus-Max-Size"))).isPositive();
  }

  @Test
  void takesOtherMethodsAsPost() throws Exception {
    var id = api.create();
    var upload = tus.begin(id, 10);
    var method = "X-HTTP-Method-Override";

    var head = tus.send("POST", upload, NOTHING, method, "HEAD");
    var patch =
        tus.send(
            "POST",
            upload,
            data(10),
            method,
            "PATCH",
            "Upload-Offset",
            "0",
            "Content-Type",
            TestingTus.PART);
    var delete = tus.send("POST", upload, NOTHING, method, "DELETE");

    assertThat(header(head, "Upload-Offset")).isEqualTo("0");
    assertThat(patch.statusCode()).as(patch.body()).isEqualTo(204);
    assertThat(delete.statusCode()).isEqualTo(204);
    api.assertHasData(id, data(10));
  }

  @Test
  void inspectsWhatComesInManyRequests() throws Exception {
    var id =
        api.create(new JsonObject().put("disk_format", "qcow2").put("container_format", "bare"));
    var upload = tus.begin(id, 2000);

    assertThat(tus.patch(upload, 0, data(1000)).statusCode()).isEqualTo(204);
    var last = tus.patch(upload, 1000, data(1000));

    assertThat(last.statusCode()).as(last.body()).isEqualTo(415);
    assertThat(tus.head(upload).statusCode()).isEqualTo(404);
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
  }
}
